/**
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
/** ARMv6-M: with two rows of sixteen products each GCC 12 spends more on spilled registers than it saves. */
#define SER_ONE_ROW
#include "lanes.h"
#include "ser_kernels.h"

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

SER_INLINE void add_group(struct ser_lanes *rows, const uint32_t *w, const uint32_t *x)
{
    const uint32_t mask = ser_in_register(0x01010101u);

    SER_UNROLL
    for (unsigned k = 0; k < 8u; k++) {
        SER_UNROLL
        for (size_t row = 0; row < SER_ROWS; row++) {
            const uint32_t bits = (w[row] >> k) & mask;
            rows->sum[row] = __usada8(x[k], (bits << 8) - bits, rows->sum[row]);
        }
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

SER_INLINE void add_group(struct ser_lanes *rows, const uint32_t *w, const uint32_t *x)
{
    const uint32_t mask = ser_in_register(0x00010001u);

    SER_UNROLL
    for (size_t row = 0; row < SER_ROWS; row++) {
        rows->partial[row] = 0x8000u;
    }
    SER_UNROLL
    for (unsigned k = 0; k < 8u; k++) {
        SER_UNROLL
        for (size_t row = 0; row < SER_ROWS; row++) {
            ser_lanes_field(rows, row, w[row] >> k, mask, x[2u * k]);
            ser_lanes_field(rows, row, w[row] >> (k + 8u), mask, x[2u * k + 1u]);
        }
    }
    SER_UNROLL
    for (size_t row = 0; row < SER_ROWS; row++) {
        rows->sum[row] += (uint32_t)((int32_t)rows->partial[row] >> 16);
    }
}

#endif

#include "rows.h"
