/*
 * From a 32-bit sum to an int8 activation.
 *
 * Double rounding, TFLite Micro's, rounds the doubled high product and then its quotient by a power of two.
 * Single rounding shifts the 64-bit product once. The generated header says which one the model was made for.
 */
#ifndef SER_REQUANTIZE_H
#define SER_REQUANTIZE_H

#include <stddef.h>
#include <stdint.h>

#include "fixed_point.h"
#include "ser_kernels.h"
#include "ser_model.h"

/** sum * multiplier * 2^(shift - 31); multiplier not negative, shift -31 ... 30, positive to the left. */
static inline int32_t ser_scale(int32_t sum, int32_t multiplier, int shift)
{
#if SER_SINGLE_ROUNDING
    return (int32_t)(((int64_t)sum * multiplier + ((int64_t)1 << (30 - shift))) >> (31 - shift));
#else
    if (shift > 0) {
        return ser_doubling_high_mul((int32_t)((uint32_t)sum << shift), multiplier);
    }
    return ser_rounding_divide(ser_doubling_high_mul(sum, multiplier), -shift);
#endif
}

/** The activation of row `row`, whose sum this is. */
static inline int8_t ser_requantize(const struct ser_dense *layer, size_t row, uint32_t sum)
{
    int32_t value = ser_scale((int32_t)sum, layer->multiplier[row], layer->shift[row]);

    /* Clamped before the zero point is added: a sum near the end of int32 must not wrap. */
    if (value < layer->lowest) {
        value = layer->lowest;
    }
    if (value > layer->highest) {
        value = layer->highest;
    }
    return (int8_t)(value + layer->output_zero_point);
}

#endif
