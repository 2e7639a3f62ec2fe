/**
 * From 32-bit sums to int8 activations with gemmlowp's double rounding, as TFLite Micro does it: the doubled high
 * product is rounded, and then its quotient by a power of two.
 */
#include "fixed_point.h"
#include "ser_kernels.h"

void ser_requantize(const struct ser_dense *layer, size_t row, const uint32_t *sums, int8_t *output)
{
    const size_t left = layer->outputs - row;
    const uint32_t *const end = sums + (left < SER_BLOCK ? left : SER_BLOCK);
    const int32_t *bias = layer->bias + row;
    const int32_t *multiplier = layer->multiplier + row;
    const int8_t *shift = layer->shift + row;
    const int32_t zero_point = layer->output_zero_point;
    const int32_t lowest = layer->lowest;
    const int32_t highest = layer->highest;

    for (output += row; sums != end; sums++) {
        const int exponent = *shift++;
        uint32_t sum = *sums + (uint32_t)*bias++;
        int32_t value;

        if (exponent > 0) {
            sum <<= exponent;
        }
        value = ser_doubling_high_mul((int32_t)sum, *multiplier++);
        if (exponent < 0) {
            value = ser_rounding_divide(value, -exponent);
        }
        /* Clamped before the zero point is added: a sum near the end of int32 must not wrap. */
        value = value < lowest ? lowest : value;
        value = value > highest ? highest : value;
        *output++ = (int8_t)(value + zero_point);
    }
}
