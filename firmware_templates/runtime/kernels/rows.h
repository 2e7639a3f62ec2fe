/*
 * The row loop of the packed kernels. Each width's file includes it once, after it has defined
 *
 *     SER_KERNEL                       the name of the function
 *     SER_GROUP_WORDS    words of a whole group of a row's weights
 *     SER_GROUP_SCRATCH  words of prepared inputs that they meet
 *     SER_TAIL_SCRATCH   the same for a single word of what is left after the whole groups
 *     prepare(input, inputs, scratch, words) -> what is added to every row's sum
 *     add_group(sums, a, b, x)  for a group of two rows' words
 *     add_tail(sums, a, b, x)   for a single word of each; only where a group has several
 *
 * Two rows at a time, so that they share the activations; an odd last row is computed twice and stored once.
 */
#include "requantize.h"

void SER_KERNEL(const struct ser_dense *layer, const int8_t *input, uint32_t *scratch, int8_t *output)
{
    const uint32_t *const groups_end = scratch + layer->stride / SER_GROUP_WORDS * SER_GROUP_SCRATCH;
#if SER_GROUP_WORDS > 1
    const uint32_t *const end = groups_end + layer->stride % SER_GROUP_WORDS * SER_TAIL_SCRATCH;
#else
    const uint32_t *const end = groups_end;
#endif
    const uint32_t base = prepare(input, layer->inputs, scratch, (size_t)(end - scratch));
    const uint32_t *a = layer->weights;

    for (size_t row = 0; row < layer->outputs; row += 2) {
        const size_t other = row + 1u < layer->outputs ? row + 1u : row;
        const uint32_t *b = a + (other - row) * layer->stride;
        const uint32_t *x = scratch;
        struct ser_lanes sums = {base + (uint32_t)layer->bias[row], base + (uint32_t)layer->bias[other], 0, 0};

        while (x != groups_end) {
            add_group(&sums, a, b, x);
            a += SER_GROUP_WORDS;
            b += SER_GROUP_WORDS;
            x += SER_GROUP_SCRATCH;
        }
#if SER_GROUP_WORDS > 1
        while (x != end) {
            add_tail(&sums, *a++, *b++, x);
            x += SER_TAIL_SCRATCH;
        }
#endif
        output[row] = ser_requantize(layer, row, sums.a);
        output[other] = ser_requantize(layer, other, sums.b);
        a = b;
    }
}
