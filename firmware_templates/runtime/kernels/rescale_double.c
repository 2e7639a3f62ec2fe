/**
 * An integer times a real factor with gemmlowp's double rounding, as TFLite Micro does it.
 */
#include "fixed_point.h"
#include "rescale.h"

int32_t ser_rescale(int32_t value, int32_t multiplier, int shift)
{
    const uint32_t left = shift > 0 ? (uint32_t)value << shift : (uint32_t)value;
    const int32_t product = ser_doubling_high_mul((int32_t)left, multiplier);

    return shift < 0 ? ser_rounding_divide(product, -shift) : product;
}
