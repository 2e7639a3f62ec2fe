/*
 * 6 bits: codes -31 ... 31 stored as 0 ... 62; two pairs in a word, and bits 12 to 15 of the three words of a group
 * make two pairs more: 16 inputs in three words.
 *
 * Expected in `bias`: - (input zero point + 128) * SUM code.
 */
#include "lanes.h"

#define SER_KERNEL ser_dense_w6
#define SER_GROUP_WORDS 3u
#define SER_GROUP_SCRATCH 8u
#define SER_TAIL_SCRATCH 2u

static uint32_t prepare(const int8_t *input, size_t inputs, uint32_t *scratch, size_t words)
{
    return 0u - 31u * ser_prepare_pairs(input, inputs, scratch, words);
}

/** The two pairs of codes in the left-over bits of a group's words. */
static inline uint32_t first_left_over(const uint32_t *w)
{
    return ((w[0] >> 12) & 0x000F000Fu) | ((w[1] >> 8) & 0x00300030u);
}

static inline uint32_t second_left_over(const uint32_t *w)
{
    return ((w[1] >> 14) & 0x00030003u) | ((w[2] >> 10) & 0x003C003Cu);
}

static inline void add_tail(struct ser_lanes *sums, uint32_t a, uint32_t b, const uint32_t *x)
{
    ser_lanes_word(sums, a, b, x, 6u, 2u, 2u);
}

static inline void add_group(struct ser_lanes *sums, const uint32_t *a, const uint32_t *b, const uint32_t *x)
{
    add_tail(sums, a[0], b[0], x);
    add_tail(sums, a[1], b[1], x + 2);
    add_tail(sums, a[2], b[2], x + 4);
    ser_lanes_add(sums, first_left_over(a), first_left_over(b), x[6]);
    ser_lanes_add(sums, second_left_over(a), second_left_over(b), x[7]);
    ser_lanes_flush(sums);
}

#include "rows.h"
