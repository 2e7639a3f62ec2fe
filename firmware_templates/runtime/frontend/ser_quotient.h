/** Weighted means: one 64-bit sum by another, with a division of 32 bits. */
#ifndef SER_QUOTIENT_H
#define SER_QUOTIENT_H

#include <stdint.h>

/** dividend / divisor to the nearest, below 2^15; of the divisor, which is not 0, the first 16 bits count. */
static inline int32_t ser_quotient(uint64_t dividend, uint64_t divisor)
{
    while (divisor >> 24 != 0) {
        dividend >>= 8;
        divisor >>= 8;
    }
    while (divisor >> 16 != 0) {
        dividend >>= 1;
        divisor >>= 1;
    }
    const uint32_t whole = (uint32_t)divisor;
    return (int32_t)(((uint32_t)dividend + whole / 2) / whole);
}

#endif
