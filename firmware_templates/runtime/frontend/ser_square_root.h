/** Square root of an integer. */
#ifndef SER_SQUARE_ROOT_H
#define SER_SQUARE_ROOT_H

#include <stdint.h>

/** floor(sqrt(x)), a bit at a time. */
static inline uint32_t ser_square_root(uint64_t x)
{
    uint64_t root = 0;
    for (uint64_t bit = (uint64_t)1 << 62; bit > 0; bit >>= 2) {
        const uint64_t trial = root + bit;
        root >>= 1;
        if (x >= trial) {
            x -= trial;
            root += bit;
        }
    }
    return (uint32_t)root;
}

#endif
