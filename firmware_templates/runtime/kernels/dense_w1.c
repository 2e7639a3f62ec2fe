/*
 * 1 bit: codes -1 and +1 stored as 1 and 0; 32 inputs in a word.
 *
 * Not in pairs: inputs 4k ... 4k + 3 take bits k, k + 8, k + 16, k + 24 (k = 0 ... 7), so that one mask gives four
 * bytes. Every row's sum is taken as
 *
 *     S = SUM of x + 128 where the code is +1, and of 255 - (x + 128) where it is -1
 *
 * With SIMD that is one USADA8 against bytes of 0 and 255. Without it S = SUM (x + 128) + SUM bit * (-2x - 1),
 * two products in one multiplication as in lanes.h, but signed: the lower half starts in its middle so that it
 * never borrows from the upper half, and 32 inputs fit.
 *
 * Expected in `bias`: - (input zero point + 128) * SUM code - 255 * (number of codes -1).
 */
#include "lanes.h"

#define SER_KERNEL ser_dense_w1
#define SER_GROUP_WORDS 1u

#if SER_LANES_SIMD

#include <string.h>

#define SER_GROUP_SCRATCH 8u

static uint32_t prepare(const int8_t *input, size_t inputs, uint32_t *scratch, size_t words)
{
    uint32_t last = 0x80808080u;

    for (size_t i = 0; i < inputs / 4u; i++) {
        memcpy(&scratch[i], input + 4u * i, 4);
        scratch[i] ^= 0x80808080u;
    }
    if (inputs % 4u != 0u) {
        memcpy(&last, input + inputs / 4u * 4u, inputs % 4u);
        scratch[inputs / 4u] = last ^ 0x80808080u;
    }
    for (size_t i = (inputs + 3u) / 4u; i < words; i++) {
        scratch[i] = 0;
    }
    return 0;
}

static inline void add_group(struct ser_lanes *sums, const uint32_t *a, const uint32_t *b, const uint32_t *x)
{
    const uint32_t mask = ser_in_register(0x01010101u);

#pragma GCC unroll 8
    for (unsigned k = 0; k < 8u; k++) {
        const uint32_t bits_a = (*a >> k) & mask;
        const uint32_t bits_b = (*b >> k) & mask;
        sums->a = __usada8(x[k], (bits_a << 8) - bits_a, sums->a);
        sums->b = __usada8(x[k], (bits_b << 8) - bits_b, sums->b);
    }
}

#else

#define SER_GROUP_SCRATCH 16u

/** Pairs (4k, 4k + 2) and (4k + 1, 4k + 3) of -2x - 1; 0 where there is no input. */
static uint32_t prepare(const int8_t *input, size_t inputs, uint32_t *scratch, size_t words)
{
    uint32_t sum = 0;

    for (size_t i = 0; i < words; i++) {
        scratch[i] = 0;
    }
    for (size_t i = 0; i < inputs; i++) {
        const uint32_t doubled = 0u - 2u * (uint32_t)input[i] - 1u;
        uint32_t *const pair = &scratch[i / 4u * 2u + i % 2u];
        *pair += i % 4u < 2u ? doubled << 16 : doubled;
        sum += (uint32_t)(input[i] + 128);
    }
    return sum;
}

static inline void add_group(struct ser_lanes *sums, const uint32_t *a, const uint32_t *b, const uint32_t *x)
{
    const uint32_t mask = ser_in_register(0x00010001u);
    uint32_t partial_a = 0x8000u;
    uint32_t partial_b = 0x8000u;

#pragma GCC unroll 8
    for (unsigned k = 0; k < 8u; k++) {
        partial_a += ((*a >> k) & mask) * x[2u * k];
        partial_b += ((*b >> k) & mask) * x[2u * k];
        partial_a += ((*a >> (k + 8u)) & mask) * x[2u * k + 1u];
        partial_b += ((*b >> (k + 8u)) & mask) * x[2u * k + 1u];
    }
    sums->a += (uint32_t)((int32_t)partial_a >> 16);
    sums->b += (uint32_t)((int32_t)partial_b >> 16);
}

#endif

#include "rows.h"
