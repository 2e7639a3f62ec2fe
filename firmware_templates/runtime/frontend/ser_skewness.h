/** The skewness that running sums give. */
#ifndef SER_SKEWNESS_H
#define SER_SKEWNESS_H

#include <stdint.h>

/**
 * Third central moment over the cube of the deviation, of `total` <= 65,535 numbers, |number| <= 3 * 2^13.
 *
 * @return Q15, rounded towards 0, within +-SER_LARGEST; 0 where all are equal.
 */
int32_t ser_skewness(int64_t sum, int64_t squares, int64_t cubes, uint32_t total);

#endif
