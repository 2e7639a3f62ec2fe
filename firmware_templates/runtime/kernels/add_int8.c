/**
 * The sum of two int8 tensors, after TFLite's reference kernel (kernels/internal/reference/add.h).
 */
#include "rescale.h"
#include "ser_add.h"

/** Bits that both sides gain before they are scaled. */
#define GAINED 20

void ser_add_int8(const struct ser_add *add, const int8_t *left, const int8_t *right, int8_t *output)
{
    for (uint32_t i = 0; i < add->size; i++) {
        const int32_t one = (left[i] - add->left_zero_point) * (1 << GAINED);
        const int32_t other = (right[i] - add->right_zero_point) * (1 << GAINED);
        const int32_t sum = ser_rescale(one, add->left_multiplier, add->left_shift)
                            + ser_rescale(other, add->right_multiplier, add->right_shift);
        int32_t value = ser_rescale(sum, add->multiplier, add->shift);

        value = value < add->lowest ? add->lowest : value;
        value = value > add->highest ? add->highest : value;
        output[i] = (int8_t)(value + add->output_zero_point);
    }
}
