/*
 * 8 bits: codes -127 ... 127 as they are, four inputs in a word, in order.
 *
 * Expected in `bias`: - input zero point * SUM code.
 */
#include "lanes.h"

#include <string.h>

#define SER_KERNEL ser_dense_w8
#define SER_GROUP_WORDS 1u

#if SER_LANES_SIMD

#define SER_GROUP_SCRATCH 2u

/** Bytes 1 and 3 with their signs: one instruction, which the compiler does not make of a rotation and SXTB16. */
static inline int16x2_t odd_bytes(uint32_t word)
{
    int16x2_t lanes;

    __asm__("sxtb16 %0, %1, ror #8" : "=r"(lanes) : "r"(word));
    return lanes;
}

/** Inputs 4k, 4k + 2 and 4k + 1, 4k + 3 as 16-bit lanes. */
static uint32_t prepare(const int8_t *input, size_t inputs, uint32_t *scratch, size_t words)
{
    for (size_t i = 0; i < words; i += 2u) {
        const size_t left = inputs - 2u * i;
        uint32_t word = 0;

        if (left >= 4u) {
            memcpy(&word, input + 2u * i, 4);
        } else {
            memcpy(&word, input + 2u * i, left);
        }
        scratch[i] = (uint32_t)__sxtb16((int8x4_t)word);
        scratch[i + 1u] = (uint32_t)odd_bytes(word);
    }
    return 0;
}

static inline void add_group(struct ser_lanes *sums, const uint32_t *a, const uint32_t *b, const uint32_t *x)
{
    const int16x2_t even = (int16x2_t)x[0];
    const int16x2_t odd = (int16x2_t)x[1];

    sums->a = (uint32_t)__smlad(__sxtb16((int8x4_t)*a), even, (int32_t)sums->a);
    sums->a = (uint32_t)__smlad(odd_bytes(*a), odd, (int32_t)sums->a);
    sums->b = (uint32_t)__smlad(__sxtb16((int8x4_t)*b), even, (int32_t)sums->b);
    sums->b = (uint32_t)__smlad(odd_bytes(*b), odd, (int32_t)sums->b);
}

#else

#define SER_GROUP_SCRATCH 1u

/** The inputs as they are, padded with 0. */
static uint32_t prepare(const int8_t *input, size_t inputs, uint32_t *scratch, size_t words)
{
    if (words != 0u) {
        scratch[words - 1u] = 0;
        memcpy(scratch, input, inputs);
    }
    return 0;
}

static inline void add_group(struct ser_lanes *sums, const uint32_t *a, const uint32_t *b, const uint32_t *x)
{
    const int8_t *const row_a = (const int8_t *)a;
    const int8_t *const row_b = (const int8_t *)b;
    const int8_t *const inputs = (const int8_t *)x;

#pragma GCC unroll 4
    for (unsigned k = 0; k < 4u; k++) {
        sums->a += (uint32_t)(row_a[k] * inputs[k]);
        sums->b += (uint32_t)(row_b[k] * inputs[k]);
    }
}

#endif

#include "rows.h"
