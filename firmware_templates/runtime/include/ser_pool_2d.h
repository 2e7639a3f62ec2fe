/**
 * One value of all that a window meets of a channel.
 */
#ifndef SER_POOL_2D_H
#define SER_POOL_2D_H

#include <stdint.h>

#include "ser_window.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A window without dilation, and the clamp: -128 ... 127. */
struct ser_pool_2d {
    struct ser_window window;
    int16_t lowest;
    int16_t highest;
};

/**
 * The mean of the values inside the image, rounded half away from 0.
 *
 * @param input   the image, of any alignment
 * @param output  window.channels values for each place, row by row; may not overlap the input
 */
void ser_average_pool_2d(const struct ser_pool_2d *layer, const int8_t *input, int8_t *output);

/** The largest of the values inside the image; as above. */
void ser_max_pool_2d(const struct ser_pool_2d *layer, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
