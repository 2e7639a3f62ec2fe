/**
 * 8 bits: codes -127 ... 127 stored as 0 ... 254; two pairs in a word.
 *
 * A pair's sum of codes 0 ... 254 and activations 0 ... 255 does not fit 16 bits, so activations keep their sign
 * here. With SIMD, what the codes' offset adds is taken off once for all rows. Without it each product is taken
 * with the offset of both codes taken off, (codes - 127 * (1 + 2^16)) * pair, so that both halves fit 15 bits and a
 * sign; the part without codes is the same for all rows and prepared beside the pair. The lower half starts in its
 * middle, so that it never borrows from the upper.
 *
 * Expected in `bias`: - input zero point * SUM code.
 */
#include "lanes.h"
#include "ser_kernels.h"

#define SER_KERNEL ser_dense_w8
#define SER_GROUP_WORDS 1u

#if SER_LANES_SIMD

#define SER_GROUP_SCRATCH 2u

static uint32_t prepare(const int8_t *input, size_t inputs, uint32_t *scratch, size_t words)
{
    uint32_t sum = 0;

    for (size_t i = 0; i < words; i++) {
        const int32_t first = 2u * i < inputs ? input[2u * i] : 0;
        const int32_t second = 2u * i + 1u < inputs ? input[2u * i + 1u] : 0;

        scratch[i] = ((uint32_t)first & 0xFFFFu) | (uint32_t)second << 16;
        sum += (uint32_t)(first + second);
    }
    return 0u - 127u * sum;
}

SER_INLINE void add_group(struct ser_lanes *rows, const uint32_t *w, const uint32_t *x)
{
    ser_lanes_word(rows, w, x, 8u, 2u, 2u);
}

#else

#define SER_GROUP_SCRATCH 4u

static uint32_t prepare(const int8_t *input, size_t inputs, uint32_t *scratch, size_t words)
{
    for (size_t i = 0; i < words; i += 2u) {
        const uint32_t first = i < inputs ? (uint32_t)input[i] : 0u;
        const uint32_t second = i + 1u < inputs ? (uint32_t)input[i + 1u] : 0u;
        const uint32_t pair = second + (first << 16);

        scratch[i] = pair;
        scratch[i + 1u] = 0x8000u - 0x007F007Fu * pair;
    }
    return 0;
}

SER_INLINE void add_group(struct ser_lanes *rows, const uint32_t *w, const uint32_t *x)
{
    const uint32_t mask = ser_in_register(0x00FF00FFu);

    SER_UNROLL
    for (unsigned k = 0; k < 2u; k++) {
        SER_UNROLL
        for (size_t row = 0; row < SER_ROWS; row++) {
            const uint32_t product = ((w[row] >> (8u * k)) & mask) * x[2u * k] + x[2u * k + 1u];
            rows->sum[row] += (uint32_t)((int32_t)product >> 16);
        }
    }
}

#endif

#include "rows.h"
