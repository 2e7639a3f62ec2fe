/** The mean. */
#ifndef SER_MEAN_H
#define SER_MEAN_H

#include <stdint.h>

/** Means of `count` values over `frames` > 0 frames: unit 1/16 of the value's, rounded to nearest. */
void ser_mean(const int64_t *sums, uint32_t frames, int count, int32_t *means);

#endif
