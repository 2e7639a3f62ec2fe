/*
 * 3 bits: codes -3 ... 3 stored as 0 ... 6; five pairs in a word, and bit 15 of the three words of a group
 * makes one pair more: 32 inputs in three words.
 *
 * Expected in `bias`: - (input zero point + 128) * SUM code.
 */
#include "lanes.h"

#define SER_KERNEL ser_dense_w3
#define SER_GROUP_WORDS 3u
#define SER_GROUP_SCRATCH 16u
#define SER_TAIL_SCRATCH 5u

static uint32_t prepare(const int8_t *input, size_t inputs, uint32_t *scratch, size_t words)
{
    return 0u - 3u * ser_prepare_pairs(input, inputs, scratch, words);
}

/** The pair of codes in the left-over bits of a group's words. */
static inline uint32_t left_over(const uint32_t *w)
{
    return ((w[0] >> 15) & 0x00010001u) | ((w[1] >> 14) & 0x00020002u) | ((w[2] >> 13) & 0x00040004u);
}

static inline void add_tail(struct ser_lanes *sums, uint32_t a, uint32_t b, const uint32_t *x)
{
    ser_lanes_word(sums, a, b, x, 3u, 5u, 5u);
}

static inline void add_group(struct ser_lanes *sums, const uint32_t *a, const uint32_t *b, const uint32_t *x)
{
    add_tail(sums, a[0], b[0], x);
    add_tail(sums, a[1], b[1], x + 5);
    add_tail(sums, a[2], b[2], x + 10);
    ser_lanes_add(sums, left_over(a), left_over(b), x[15]);
    ser_lanes_flush(sums);
}

#include "rows.h"
