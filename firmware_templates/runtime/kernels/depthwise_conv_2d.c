/**
 * A convolution of each channel by itself, after TFLite's reference kernel
 * (kernels/internal/reference/integer_ops/depthwise_conv.h): output by output, so that codes are unpacked once.
 */
#include <stddef.h>

#include "rescale.h"
#include "ser_depthwise_conv_2d.h"

/** Unpack `count` codes, the first of which begins at bit `at`. */
static void unpack(const struct ser_depthwise_conv_2d *layer, size_t at, size_t count, int8_t *codes)
{
    const unsigned bits = layer->bits;
    const uint32_t mask = (1u << bits) - 1u;
    const int32_t largest = (int32_t)(mask >> 1);

    for (size_t i = 0; i < count; i++) {
        const uint8_t *const bytes = layer->codes + at / 8u;
        const uint32_t code = ((bytes[0] | (uint32_t)bytes[1] << 8) >> (at % 8u)) & mask;

        codes[i] = (int8_t)(bits == 1u ? 2 * (int32_t)code - 1 : (int32_t)code - largest);
        at += bits;
    }
}

/** The sum at one place: `input` is the channel, `top` and `left` may lie before it. */
static int32_t met(const struct ser_depthwise_conv_2d *layer, const int8_t *input, int32_t top, int32_t left,
                   const int8_t *codes)
{
    const struct ser_window *const window = &layer->window;
    int32_t sum = 0;

    for (uint32_t down = 0; down < window->size_down; down++) {
        const int32_t y = top + (int32_t)(down * window->dilation_down);
        const int8_t *const row = codes + down * window->size_across;

        if (y < 0 || y >= window->height) {
            continue;
        }
        for (uint32_t across = 0; across < window->size_across; across++) {
            const int32_t x = left + (int32_t)(across * window->dilation_across);

            if (x >= 0 && x < window->width) {
                const size_t place = ((size_t)y * window->width + (size_t)x) * window->channels;

                sum += row[across] * (input[place] - layer->input_zero_point);
            }
        }
    }
    return sum;
}

void ser_depthwise_conv_2d(const struct ser_depthwise_conv_2d *layer, const int8_t *input, uint32_t *scratch,
                           int8_t *output)
{
    const struct ser_window *const window = &layer->window;
    const size_t outputs = (size_t)window->channels * layer->outputs_a_channel;
    const size_t inputs = (size_t)window->size_down * window->size_across;
    int8_t *const codes = (int8_t *)scratch;

    for (size_t row = 0; row < outputs; row++) {
        int8_t *to = output + row;

        unpack(layer, row * inputs * layer->bits, inputs, codes);
        for (uint32_t down = 0; down < window->places_down; down++) {
            const int32_t top = (int32_t)(down * window->stride_down) - window->before_down;

            for (uint32_t across = 0; across < window->places_across; across++) {
                const int32_t left = (int32_t)(across * window->stride_across) - window->before_across;
                const int32_t sum = met(layer, input + row / layer->outputs_a_channel, top, left, codes);
                int32_t value = ser_rescale(sum + layer->bias[row], layer->multiplier[row], layer->shift[row]);

                value = value < layer->lowest ? layer->lowest : value;
                value = value > layer->highest ? layer->highest : value;
                *to = (int8_t)(value + layer->output_zero_point);
                to += outputs;
            }
        }
    }
}
