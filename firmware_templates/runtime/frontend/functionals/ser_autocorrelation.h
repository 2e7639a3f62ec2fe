/** How a value goes with what it was a frame ago. */
#ifndef SER_AUTOCORRELATION_H
#define SER_AUTOCORRELATION_H

#include <stdint.h>

/**
 * One less half of what a mean squared step is of the variance (von Neumann's ratio), at least -1: Q15, rounded up.
 * 0 where nothing varies.
 *
 * @param shift that of the steps, see ser_narrow().
 */
void ser_autocorrelation(const int64_t *sums, const int64_t *squares, const int64_t *steps, int shift, uint32_t frames,
                         int count, int32_t *features);

#endif
