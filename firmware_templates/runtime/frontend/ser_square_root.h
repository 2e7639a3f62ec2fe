/** Square root of an integer. */
#ifndef SER_SQUARE_ROOT_H
#define SER_SQUARE_ROOT_H

#include <stdint.h>

/** floor(sqrt(x)), a bit at a time, from two bits of x each. */
static inline uint32_t ser_square_root(uint64_t x)
{
    uint32_t root = 0, rest = 0;
    int bits = 32;
    for (; bits > 2 && x >> 62 == 0; bits--) {
        x <<= 2;
    }
    /* rest <= 2 root, so that up to 30 bits of root 32 are enough for what is left. */
    for (; bits > 2; bits--) {
        const uint32_t left = rest << 2 | (uint32_t)(x >> 62), trial = root << 2 | 1;
        const uint32_t bit = left >= trial;
        rest = left - (bit ? trial : 0);
        root = root << 1 | bit;
        x <<= 2;
    }
    uint64_t more = rest;
    for (; bits > 0; bits--) {
        const uint64_t trial = (uint64_t)root << 2 | 1;
        more = more << 2 | x >> 62;
        root <<= 1;
        if (more >= trial) {
            more -= trial;
            root |= 1;
        }
        x <<= 2;
    }
    return root;
}

#endif
