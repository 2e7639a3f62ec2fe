#include "conv_2d.h"

void ser_conv_2d_w6(const struct ser_conv_2d *layer, const int8_t *input, uint32_t *scratch, int8_t *output)
{
    ser_convolve(layer, input, scratch, output, ser_dense_w6);
}
