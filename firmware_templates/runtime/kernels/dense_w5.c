/*
 * 5 bits: codes -15 ... 15 stored as 0 ... 30; three pairs in a word, and bit 15 of the five words of a group
 * makes one pair more: 32 inputs in five words.
 *
 * Expected in `bias`: - (input zero point + 128) * SUM code.
 */
#include "lanes.h"

#define SER_KERNEL ser_dense_w5
#define SER_GROUP_WORDS 5u
#define SER_GROUP_SCRATCH 16u
#define SER_TAIL_SCRATCH 3u

static uint32_t prepare(const int8_t *input, size_t inputs, uint32_t *scratch, size_t words)
{
    return 0u - 15u * ser_prepare_pairs(input, inputs, scratch, words);
}

/** The pair of codes in the left-over bits of a group's words. */
static inline uint32_t left_over(const uint32_t *w)
{
    return ((w[0] >> 15) & 0x00010001u) | ((w[1] >> 14) & 0x00020002u) | ((w[2] >> 13) & 0x00040004u)
        | ((w[3] >> 12) & 0x00080008u) | ((w[4] >> 11) & 0x00100010u);
}

static inline void add_tail(struct ser_lanes *sums, uint32_t a, uint32_t b, const uint32_t *x)
{
    ser_lanes_word(sums, a, b, x, 5u, 3u, 3u);
}

static inline void add_group(struct ser_lanes *sums, const uint32_t *a, const uint32_t *b, const uint32_t *x)
{
    add_tail(sums, a[0], b[0], x);
    add_tail(sums, a[1], b[1], x + 3);
    add_tail(sums, a[2], b[2], x + 6);
    add_tail(sums, a[3], b[3], x + 9);
    add_tail(sums, a[4], b[4], x + 12);
    ser_lanes_add(sums, left_over(a), left_over(b), x[15]);
    ser_lanes_flush(sums);
}

#include "rows.h"
