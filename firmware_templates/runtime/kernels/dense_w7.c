/**
 * 7 bits: codes -63 ... 63 stored as 0 ... 126; two pairs in a word, and bits 14 and 15 of the seven words of
 * a group make two pairs more: 32 inputs in seven words.
 *
 * Expected in `bias`: - (input zero point + 128) * SUM code.
 */
#include "lanes.h"
#include "ser_kernels.h"

#define SER_KERNEL ser_dense_w7
#define SER_GROUP_WORDS 7u
#define SER_GROUP_SCRATCH 16u
#define SER_TAIL_SCRATCH 2u

static uint32_t prepare(const int8_t *input, size_t inputs, uint32_t *scratch, size_t words)
{
    return 0u - 63u * ser_prepare_pairs(input, inputs, scratch, words);
}

/** The two pairs of codes in the left-over bits of a group's words. */
SER_INLINE uint32_t first_left_over(const uint32_t *w)
{
    return ((w[0] >> 14) & 0x00030003u) | ((w[SER_BLOCK] >> 12) & 0x000C000Cu) | ((w[2 * SER_BLOCK] >> 10) & 0x00300030u)
        | ((w[3 * SER_BLOCK] >> 8) & 0x00400040u);
}

SER_INLINE uint32_t second_left_over(const uint32_t *w)
{
    return ((w[3 * SER_BLOCK] >> 15) & 0x00010001u) | ((w[4 * SER_BLOCK] >> 13) & 0x00060006u) | ((w[5 * SER_BLOCK] >> 11) & 0x00180018u)
        | ((w[6 * SER_BLOCK] >> 9) & 0x00600060u);
}

SER_INLINE void add_tail(struct ser_lanes *rows, const uint32_t *w, const uint32_t *x)
{
    ser_lanes_word(rows, w, x, 7u, 2u, 1u);
}

SER_INLINE void add_group(struct ser_lanes *rows, const uint32_t *w, const uint32_t *x)
{
    add_tail(rows, w, x);
    add_tail(rows, w + SER_BLOCK, x + 2);
    add_tail(rows, w + 2 * SER_BLOCK, x + 4);
    add_tail(rows, w + 3 * SER_BLOCK, x + 6);
    add_tail(rows, w + 4 * SER_BLOCK, x + 8);
    add_tail(rows, w + 5 * SER_BLOCK, x + 10);
    add_tail(rows, w + 6 * SER_BLOCK, x + 12);
    SER_UNROLL
    for (size_t row = 0; row < SER_ROWS; row++) {
        ser_lanes_add(rows, row, first_left_over(w + row), x[14]);
    }
    ser_lanes_flush(rows);
    SER_UNROLL
    for (size_t row = 0; row < SER_ROWS; row++) {
        ser_lanes_add(rows, row, second_left_over(w + row), x[15]);
    }
    ser_lanes_flush(rows);
}

#include "rows.h"
