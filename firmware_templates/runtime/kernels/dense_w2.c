/**
 * 2 bits, also ternary: codes -1, 0, +1 stored as 0, 1, 2; eight pairs in a word.
 *
 * Expected in `bias`: - (input zero point + 128) * SUM code.
 */
#include "lanes.h"
#include "ser_kernels.h"

#define SER_KERNEL ser_dense_w2
#define SER_GROUP_WORDS 1u
#define SER_GROUP_SCRATCH 8u

static uint32_t prepare(const int8_t *input, size_t inputs, uint32_t *scratch, size_t words)
{
    return 0u - 1u * ser_prepare_pairs(input, inputs, scratch, words);
}

SER_INLINE void add_group(struct ser_lanes *rows, const uint32_t *w, const uint32_t *x)
{
    ser_lanes_word(rows, w, x, 2u, 8u, 8u);
}

#include "rows.h"
