/**
 * 6 bits: codes -31 ... 31 stored as 0 ... 62; two pairs in a word, and bits 12 to 15 of the three words of a group
 * make two pairs more: 16 inputs in three words.
 *
 * Expected in `bias`: - (input zero point + 128) * SUM code.
 */
#include "lanes.h"
#include "ser_kernels.h"

#define SER_KERNEL ser_dense_w6
#define SER_GROUP_WORDS 3u
#define SER_GROUP_SCRATCH 8u
#define SER_TAIL_SCRATCH 2u

static uint32_t prepare(const int8_t *input, size_t inputs, uint32_t *scratch, size_t words)
{
    return 0u - 31u * ser_prepare_pairs(input, inputs, scratch, words);
}

/** The two pairs of codes in the left-over bits of a group's words. */
SER_INLINE uint32_t first_left_over(const uint32_t *w)
{
    return ((w[0] >> 12) & 0x000F000Fu) | ((w[SER_BLOCK] >> 8) & 0x00300030u);
}

SER_INLINE uint32_t second_left_over(const uint32_t *w)
{
    return ((w[SER_BLOCK] >> 14) & 0x00030003u) | ((w[2 * SER_BLOCK] >> 10) & 0x003C003Cu);
}

SER_INLINE void add_tail(struct ser_lanes *rows, const uint32_t *w, const uint32_t *x)
{
    ser_lanes_word(rows, w, x, 6u, 2u, 2u);
}

SER_INLINE void add_group(struct ser_lanes *rows, const uint32_t *w, const uint32_t *x)
{
    add_tail(rows, w, x);
    add_tail(rows, w + SER_BLOCK, x + 2);
    add_tail(rows, w + 2 * SER_BLOCK, x + 4);
    SER_UNROLL
    for (size_t row = 0; row < SER_ROWS; row++) {
        ser_lanes_add(rows, row, first_left_over(w + row), x[6]);
    }
    SER_UNROLL
    for (size_t row = 0; row < SER_ROWS; row++) {
        ser_lanes_add(rows, row, second_left_over(w + row), x[7]);
    }
    ser_lanes_flush(rows);
}

#include "rows.h"
