/**
 * An integer times a real factor with single rounding, as the reference kernels of TensorFlow 2.21 do it.
 */
#include "rescale.h"

int32_t ser_rescale(int32_t value, int32_t multiplier, int shift)
{
    const int right = 31 - shift;

    return (int32_t)(((int64_t)value * multiplier + ((int64_t)1 << (right - 1))) >> right);
}
