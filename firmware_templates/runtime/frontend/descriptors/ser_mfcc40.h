/** Orthonormal DCT-II of the 40 merged mel bands. */
#ifndef SER_MFCC40_H
#define SER_MFCC40_H

#include "ser_frontend_config.h"

/** Odd rows of the DCT, then even ones, first halves, times 10 log10(2), in Q(SER_MFCC40_BITS). */
extern const int16_t ser_mfcc40_rows[SER_MFCC40 * (SER_LOG_MEL40 / 2)];

/** @param mfcc40 coefficients from 1 on, in dB, Q5: a step is 1/32 dB */
void ser_mfcc40(const int32_t log_mel40[SER_LOG_MEL40], int32_t mfcc40[SER_MFCC40]);

#endif
