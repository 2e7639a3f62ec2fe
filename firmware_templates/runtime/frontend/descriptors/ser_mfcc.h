/** Orthonormal DCT-II of the log-mel bands. */
#ifndef SER_MFCC_H
#define SER_MFCC_H

#include "ser_frontend_config.h"

/** Rows of the DCT in the order of ser_mfcc(), times 10 log10(2), in Q(SER_MFCC_BITS). */
extern const int16_t ser_mfcc_rows[];

/** @param mfcc in dB, Q8: a step is 1/256 dB; |mfcc| < 2^19 */
void ser_mfcc(const int32_t log_mel[SER_LOG_MEL], int32_t mfcc[SER_MFCC]);

#endif
