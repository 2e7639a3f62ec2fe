/** The slope of each value over five frames, which the functionals of the delta count. */
#ifndef SER_DELTA_H
#define SER_DELTA_H

#include <stdint.h>

#include "ser_recent.h"

/**
 * Ten times the slope of the regression line through the last five frames, of narrow values:
 * 2 (x[t] - x[t - 4]) + (x[t - 1] - x[t - 3]), at most 3 * 2^13 < 2^15 in magnitude.
 */
void ser_follow_delta(int16_t *delta, const int32_t *values, const int16_t *previous, const struct ser_recent *recent,
                      int shift, int count);

#endif
