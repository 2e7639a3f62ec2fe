/**
 * What the convolutions of all widths do. The kernel of the fully connected layer is a constant where this is inlined.
 */
#ifndef SER_CONVOLVE_H
#define SER_CONVOLVE_H

#include <string.h>

#include "ser_conv_2d.h"

typedef void ser_dense_fn(const struct ser_dense *layer, const int8_t *input, uint32_t *scratch, int8_t *output);

/** Copy what the window meets that begins at row `top` and column `left`, either of which may lie before the image. */
static inline void ser_gather(const struct ser_conv_2d *layer, const int8_t *input, int32_t top, int32_t left,
                              int8_t *patch)
{
    const struct ser_window *const window = &layer->window;
    const size_t channels = window->channels;

    for (uint32_t down = 0; down < window->size_down; down++) {
        const int32_t y = top + (int32_t)(down * window->dilation_down);

        for (uint32_t across = 0; across < window->size_across; across++) {
            const int32_t x = left + (int32_t)(across * window->dilation_across);

            if (y >= 0 && y < window->height && x >= 0 && x < window->width) {
                memcpy(patch, input + ((size_t)y * window->width + (size_t)x) * channels, channels);
            } else {
                memset(patch, layer->input_zero_point, channels);
            }
            patch += channels;
        }
    }
}

static inline __attribute__((always_inline)) void ser_convolve(const struct ser_conv_2d *layer, const int8_t *input,
                                                               uint32_t *scratch, int8_t *output, ser_dense_fn *dense)
{
    const struct ser_window *const window = &layer->window;
    int8_t *const patch = (int8_t *)scratch;

    for (uint32_t down = 0; down < window->places_down; down++) {
        const int32_t top = (int32_t)(down * window->stride_down) - window->before_down;

        for (uint32_t across = 0; across < window->places_across; across++) {
            const int32_t left = (int32_t)(across * window->stride_across) - window->before_across;
            const int8_t *met = patch;

            if (layer->patch_words == 0u) {
                /* One value is never beyond the border. */
                met = input + ((size_t)top * window->width + (size_t)left) * window->channels;
            } else {
                ser_gather(layer, input, top, left, patch);
            }
            dense(&layer->dense, met, scratch + layer->patch_words, output);
            output += layer->dense.outputs;
        }
    }
}

#endif
