/** Power in each pitch class (tuning 0), the largest of the frame being one. */
#ifndef SER_CHROMA_H
#define SER_CHROMA_H

#include "ser_frontend_config.h"

/** Pairs `end`, `shift`: bins up to `end` are divided by 2^shift before they are weighted. */
extern const uint16_t ser_chroma_ranges[];
/** Runs of each pitch class: first bin, number of pairs of bins; a run of no pairs ends the class. */
extern const uint16_t ser_chroma_runs[];
/** Weights of the runs' pairs of bins, the first in the low half. */
extern const uint32_t ser_chroma_weights[];

/**
 * @param power  is used up
 * @param chroma Q15, 0 ... 32768; silence is all 0
 */
void ser_chroma(uint32_t power[SER_WORK_WORDS], int32_t chroma[SER_CHROMA]);

#endif
