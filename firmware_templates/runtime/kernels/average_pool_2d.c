#include "pool_2d.h"

static int32_t mean(const struct ser_window *window, const struct ser_met *met, const int8_t *channel)
{
    const int32_t count = (met->bottom - met->top) * (met->right - met->left);
    int32_t sum = 0;

    for (int32_t y = met->top; y < met->bottom; y++) {
        for (int32_t x = met->left; x < met->right; x++) {
            sum += ser_met_value(window, channel, y, x);
        }
    }
    return (sum > 0 ? sum + count / 2 : sum - count / 2) / count;
}

void ser_average_pool_2d(const struct ser_pool_2d *layer, const int8_t *input, int8_t *output)
{
    ser_pool(layer, input, output, mean);
}
