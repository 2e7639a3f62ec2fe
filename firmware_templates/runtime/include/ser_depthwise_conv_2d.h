/**
 * A convolution of each channel of an image by itself.
 */
#ifndef SER_DEPTHWISE_CONV_2D_H
#define SER_DEPTHWISE_CONV_2D_H

#include <stdint.h>

#include "ser_window.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A convolution of each channel; every array is constant and lives in flash. */
struct ser_depthwise_conv_2d {
    const uint8_t *codes;       /**< of output after output, (down, across), without gaps; and a byte more */
    const int32_t *bias;        /**< of each output */
    const int32_t *multiplier;  /**< of each output, in [2^30, 2^31), or 0 */
    const int8_t *shift;        /**< of each output, -31 ... 30, positive to the left */
    struct ser_window window;
    uint16_t outputs_a_channel;
    uint8_t bits;               /**< of a code: 1 ... 8; for 1, -1 is stored as 0, else code + largest code */
    int16_t input_zero_point;
    int16_t output_zero_point;
    int16_t lowest;             /**< the clamp, before the zero point is added: -255 ... 255 */
    int16_t highest;
};

/**
 * A convolution of each channel; beyond the border the window meets the input's zero point.
 *
 * @param input    the image, of any alignment
 * @param scratch  a byte for each value that the window meets of a channel
 * @param output   window.channels * outputs_a_channel values for each place, row by row; may overlap neither
 */
void ser_depthwise_conv_2d(const struct ser_depthwise_conv_2d *layer, const int8_t *input, uint32_t *scratch,
                           int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
