/**
 * What all pooling does: find what the window meets inside the image, place by place and channel by channel.
 */
#ifndef SER_POOL_H
#define SER_POOL_H

#include <stddef.h>

#include "ser_pool_2d.h"

/** What the window meets inside the image: rows and columns from the first to before the last; at least one each. */
struct ser_met {
    int32_t top;
    int32_t bottom;
    int32_t left;
    int32_t right;
};

/** The value of a channel, whose first value in the image `channel` points at. */
typedef int32_t ser_pool_fn(const struct ser_window *window, const struct ser_met *met, const int8_t *channel);

/** One value of the channel. */
static inline int8_t ser_met_value(const struct ser_window *window, const int8_t *channel, int32_t y, int32_t x)
{
    return channel[((size_t)y * window->width + (size_t)x) * window->channels];
}

static inline __attribute__((always_inline)) void ser_pool(const struct ser_pool_2d *layer, const int8_t *input,
                                                           int8_t *output, ser_pool_fn *pool)
{
    const struct ser_window *const window = &layer->window;

    for (uint32_t down = 0; down < window->places_down; down++) {
        for (uint32_t across = 0; across < window->places_across; across++) {
            const int32_t top = (int32_t)(down * window->stride_down) - window->before_down;
            const int32_t left = (int32_t)(across * window->stride_across) - window->before_across;
            const int32_t bottom = top + window->size_down;
            const int32_t right = left + window->size_across;
            const struct ser_met met = {
                .top = top < 0 ? 0 : top,
                .bottom = bottom > window->height ? window->height : bottom,
                .left = left < 0 ? 0 : left,
                .right = right > window->width ? window->width : right,
            };

            for (uint32_t channel = 0; channel < window->channels; channel++) {
                int32_t value = pool(window, &met, input + channel);

                value = value < layer->lowest ? layer->lowest : value;
                value = value > layer->highest ? layer->highest : value;
                *output++ = (int8_t)value;
            }
        }
    }
}

#endif
