#include "pool_2d.h"

static int32_t largest(const struct ser_window *window, const struct ser_met *met, const int8_t *channel)
{
    int32_t found = INT8_MIN;

    for (int32_t y = met->top; y < met->bottom; y++) {
        for (int32_t x = met->left; x < met->right; x++) {
            const int32_t value = ser_met_value(window, channel, y, x);

            found = value > found ? value : found;
        }
    }
    return found;
}

void ser_max_pool_2d(const struct ser_pool_2d *layer, const int8_t *input, int8_t *output)
{
    ser_pool(layer, input, output, largest);
}
