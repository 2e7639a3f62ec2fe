/**
 * From 32-bit sums to int8 activations with single rounding: the 64-bit product is shifted once, rounding half up,
 * as the reference kernels of TensorFlow 2.21 do it.
 */
#include "ser_kernels.h"

void ser_requantize(const struct ser_dense *layer, size_t row, const uint32_t *sums, int8_t *output)
{
    const size_t end = row + SER_BLOCK < layer->outputs ? row + SER_BLOCK : layer->outputs;

    for (; row < end; row++) {
        const int right = 31 - layer->shift[row];
        const int32_t sum = (int32_t)(*sums++ + (uint32_t)layer->bias[row]);
        int64_t value = (int64_t)sum * layer->multiplier[row];

        value = (value + ((int64_t)1 << (right - 1))) >> right;
        value = value < layer->lowest ? layer->lowest : value;
        value = value > layer->highest ? layer->highest : value;
        output[row] = (int8_t)(value + layer->output_zero_point);
    }
}
