/**
 * An integer times a real factor.
 */
#ifndef SER_RESCALE_H
#define SER_RESCALE_H

#include <stdint.h>

/** value * multiplier * 2^(shift - 31), by the rounding that is linked in: double or single; shift -31 ... 30. */
int32_t ser_rescale(int32_t value, int32_t multiplier, int shift);

#endif
