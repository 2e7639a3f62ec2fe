/**
 * 3 bits: codes -3 ... 3 stored as 0 ... 6; five pairs in a word, and bit 15 of the three words of a group
 * makes one pair more: 32 inputs in three words.
 *
 * Expected in `bias`: - (input zero point + 128) * SUM code.
 */
#include "lanes.h"
#include "ser_kernels.h"

#define SER_KERNEL ser_dense_w3
#define SER_GROUP_WORDS 3u
#define SER_GROUP_SCRATCH 16u
#define SER_TAIL_SCRATCH 5u

static uint32_t prepare(const int8_t *input, size_t inputs, uint32_t *scratch, size_t words)
{
    return 0u - 3u * ser_prepare_pairs(input, inputs, scratch, words);
}

/** The pair of codes in the left-over bits of a group's words. */
SER_INLINE uint32_t left_over(const uint32_t *w)
{
    return ((w[0] >> 15) & 0x00010001u) | ((w[SER_BLOCK] >> 14) & 0x00020002u) | ((w[2 * SER_BLOCK] >> 13) & 0x00040004u);
}

SER_INLINE void add_tail(struct ser_lanes *rows, const uint32_t *w, const uint32_t *x)
{
    ser_lanes_word(rows, w, x, 3u, 5u, 5u);
}

SER_INLINE void add_group(struct ser_lanes *rows, const uint32_t *w, const uint32_t *x)
{
    add_tail(rows, w, x);
    add_tail(rows, w + SER_BLOCK, x + 5);
    add_tail(rows, w + 2 * SER_BLOCK, x + 10);
    SER_UNROLL
    for (size_t row = 0; row < SER_ROWS; row++) {
        ser_lanes_add(rows, row, left_over(w + row), x[15]);
    }
    ser_lanes_flush(rows);
}

#include "rows.h"
