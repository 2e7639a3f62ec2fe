/** The standard deviation of the population. */
#ifndef SER_DEVIATION_H
#define SER_DEVIATION_H

#include <stdint.h>

/** Deviations of `count` values over `frames` > 0 frames: unit 1/16 of the value's, rounded down. */
void ser_deviation(const int64_t *sums, const int64_t *squares, uint32_t frames, int count, int32_t *deviations);

#endif
