/** Division by a number of frames: in 32 bits where that does, since small cores have nothing wider. */
#ifndef SER_DIVIDE_H
#define SER_DIVIDE_H

#include <stdint.h>

/** dividend / divisor, divisor > 0. */
static inline uint64_t ser_divide(uint64_t dividend, uint32_t divisor)
{
    if (divisor >> 16) {
        return dividend / divisor;
    }
    const uint32_t high = (uint32_t)(dividend >> 32), low = (uint32_t)dividend;
    const uint32_t upper = (high % divisor) << 16 | low >> 16;
    const uint32_t lower = (upper % divisor) << 16 | (low & 0xffff);
    return ((uint64_t)(high / divisor) << 32) + ((upper / divisor) << 16) + lower / divisor;
}

/** floor(dividend / divisor), divisor > 0. */
static inline int64_t ser_floor_divide(int64_t dividend, uint32_t divisor)
{
    const uint64_t sign = dividend < 0 ? UINT64_MAX : 0;
    return (int64_t)(ser_divide((uint64_t)dividend ^ sign, divisor) ^ sign);
}

#endif
