/** The skewness of the delta: whether a value rises faster than it falls. */
#ifndef SER_DELTA_SKEWNESS_H
#define SER_DELTA_SKEWNESS_H

#include <stdint.h>

/** Third central moment over the cube of the deviation: Q15, rounded towards 0. 0 where the delta never changes. */
void ser_delta_skewness(const int32_t *delta_sums, const int64_t *delta_squares, const int64_t *delta_cubes,
                        uint32_t frames, int count, int32_t *features);

#endif
