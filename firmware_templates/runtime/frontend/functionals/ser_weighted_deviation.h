/** The standard deviation with each frame weighted by its loudness. */
#ifndef SER_WEIGHTED_DEVIATION_H
#define SER_WEIGHTED_DEVIATION_H

#include <stdint.h>

#include "ser_weighted.h"

/**
 * Unit 1/16 of the value's, rounded down. 0 where nothing was loud.
 *
 * @param weights their sum, below 2^31.
 * @param shift that of the weighted values, see ser_narrow().
 */
void ser_weighted_deviation(const struct ser_weighted *weighted, const uint32_t *weights, int shift, uint32_t frames,
                            int count, int32_t *features);

#endif
