/**
 * The row loop of the packed kernels. Each width's file includes it once, after it has defined
 *
 *     SER_KERNEL         the name of the function
 *     SER_GROUP_WORDS    words of a whole group of a row's weights
 *     SER_GROUP_SCRATCH  words of prepared inputs that they meet
 *     SER_TAIL_SCRATCH   the same for a single word of what is left after the whole groups
 *     prepare(input, inputs, scratch, words) -> what is added to every row's sum
 *     add_group(rows, w, x)  for a group of the rows' words
 *     add_tail(rows, w, x)   for a single word of each; only where a group has several
 *
 * SER_ROWS rows of a block at a time. The rows that pad the last block are summed like the others, not stored.
 */
void SER_KERNEL(const struct ser_dense *layer, const int8_t *input, uint32_t *scratch, int8_t *output)
{
    const uint32_t *const groups_end = scratch + layer->stride / SER_GROUP_WORDS * SER_GROUP_SCRATCH;
#if SER_GROUP_WORDS > 1
    const uint32_t *const end = groups_end + layer->stride % SER_GROUP_WORDS * SER_TAIL_SCRATCH;
#else
    const uint32_t *const end = groups_end;
#endif
    const uint32_t base = prepare(input, layer->inputs, scratch, (size_t)(end - scratch));

    for (size_t block = 0; block < layer->outputs; block += SER_BLOCK) {
        const uint32_t *const weights = layer->weights + block * layer->stride;
        uint32_t sums[SER_BLOCK];

        for (size_t first = 0; first < SER_BLOCK; first += SER_ROWS) {
            const uint32_t *w = weights + first;
            const uint32_t *x = scratch;
            struct ser_lanes rows;

            SER_UNROLL
            for (size_t row = 0; row < SER_ROWS; row++) {
                rows.sum[row] = base;
                rows.partial[row] = 0;
            }
            while (x != groups_end) {
                add_group(&rows, w, x);
                w += SER_GROUP_WORDS * SER_BLOCK;
                x += SER_GROUP_SCRATCH;
            }
#if SER_GROUP_WORDS > 1
            while (x != end) {
                add_tail(&rows, w, x);
                w += SER_BLOCK;
                x += SER_TAIL_SCRATCH;
            }
#endif
            /* A copy: what has an address is kept in memory all through the loops. */
            SER_UNROLL
            for (size_t row = 0; row < SER_ROWS; row++) {
                sums[first + row] = rows.sum[row];
            }
        }
        ser_requantize(layer, block, sums, output);
    }
}
