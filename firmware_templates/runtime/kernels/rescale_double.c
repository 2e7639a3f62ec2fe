/**
 * An integer times a factor below 1 with gemmlowp's double rounding, as TFLite Micro does it.
 */
#include "fixed_point.h"
#include "rescale.h"

int32_t ser_rescale(int32_t value, int32_t multiplier, int shift)
{
    const int32_t product = ser_doubling_high_mul(value, multiplier);

    return shift < 0 ? ser_rounding_divide(product, -shift) : product;
}
