/*
 * 7 bits: codes -63 ... 63 stored as 0 ... 126; two pairs in a word, and bits 14 and 15 of the seven words of
 * a group make two pairs more: 32 inputs in seven words.
 *
 * Expected in `bias`: - (input zero point + 128) * SUM code.
 */
#include "lanes.h"

#define SER_KERNEL ser_dense_w7
#define SER_GROUP_WORDS 7u
#define SER_GROUP_SCRATCH 16u
#define SER_TAIL_SCRATCH 2u

static uint32_t prepare(const int8_t *input, size_t inputs, uint32_t *scratch, size_t words)
{
    return 0u - 63u * ser_prepare_pairs(input, inputs, scratch, words);
}

/** The two pairs of codes in the left-over bits of a group's words. */
static inline uint32_t first_left_over(const uint32_t *w)
{
    return ((w[0] >> 14) & 0x00030003u) | ((w[1] >> 12) & 0x000C000Cu) | ((w[2] >> 10) & 0x00300030u)
        | ((w[3] >> 8) & 0x00400040u);
}

static inline uint32_t second_left_over(const uint32_t *w)
{
    return ((w[3] >> 15) & 0x00010001u) | ((w[4] >> 13) & 0x00060006u) | ((w[5] >> 11) & 0x00180018u)
        | ((w[6] >> 9) & 0x00600060u);
}

static inline void add_tail(struct ser_lanes *sums, uint32_t a, uint32_t b, const uint32_t *x)
{
    ser_lanes_word(sums, a, b, x, 7u, 2u, 1u);
}

static inline void add_group(struct ser_lanes *sums, const uint32_t *a, const uint32_t *b, const uint32_t *x)
{
    add_tail(sums, a[0], b[0], x);
    add_tail(sums, a[1], b[1], x + 2);
    add_tail(sums, a[2], b[2], x + 4);
    add_tail(sums, a[3], b[3], x + 6);
    add_tail(sums, a[4], b[4], x + 8);
    add_tail(sums, a[5], b[5], x + 10);
    add_tail(sums, a[6], b[6], x + 12);
    ser_lanes_add(sums, first_left_over(a), first_left_over(b), x[14]);
    ser_lanes_flush(sums);
    ser_lanes_add(sums, second_left_over(a), second_left_over(b), x[15]);
    ser_lanes_flush(sums);
}

#include "rows.h"
