/** Running sums of squared steps from frame to frame. */
#ifndef SER_STEPS_H
#define SER_STEPS_H

#include <stdint.h>

/** Add (x[t] - x[t - 1])^2; x is narrow, so that a square is at most 2^26 and a sum below 2^42. */
void ser_count_steps(int64_t *steps, const int32_t *values, const int16_t *previous, int shift, int count);

#endif
