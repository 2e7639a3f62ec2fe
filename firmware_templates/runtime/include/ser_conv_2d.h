/**
 * Convolutions: at each place of a window, what it meets is a fully connected layer's input.
 *
 * Beyond the border it meets the input's zero point. The weights of an output, (down, across, channels), are a row of
 * the fully connected layer, and packed as such.
 */
#ifndef SER_CONV_2D_H
#define SER_CONV_2D_H

#include <stdint.h>

#include "ser_kernels.h"
#include "ser_window.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A convolution: `dense.inputs` are all the values that the window meets. */
struct ser_conv_2d {
    struct ser_dense dense;
    struct ser_window window;
    uint16_t patch_words;       /**< that hold them; 0 where the window meets one value with its channels */
    int16_t input_zero_point;
};

/**
 * Convolutions, by width, as the fully connected layers.
 *
 * @param input    the image, of any alignment
 * @param scratch  patch_words words, and what the fully connected layer needs
 * @param output   dense.outputs values for each place, row by row; may overlap neither input nor scratch
 */
void ser_conv_2d_w1(const struct ser_conv_2d *layer, const int8_t *input, uint32_t *scratch, int8_t *output);
void ser_conv_2d_w2(const struct ser_conv_2d *layer, const int8_t *input, uint32_t *scratch, int8_t *output);
void ser_conv_2d_w3(const struct ser_conv_2d *layer, const int8_t *input, uint32_t *scratch, int8_t *output);
void ser_conv_2d_w4(const struct ser_conv_2d *layer, const int8_t *input, uint32_t *scratch, int8_t *output);
void ser_conv_2d_w5(const struct ser_conv_2d *layer, const int8_t *input, uint32_t *scratch, int8_t *output);
void ser_conv_2d_w6(const struct ser_conv_2d *layer, const int8_t *input, uint32_t *scratch, int8_t *output);
void ser_conv_2d_w7(const struct ser_conv_2d *layer, const int8_t *input, uint32_t *scratch, int8_t *output);
void ser_conv_2d_w8(const struct ser_conv_2d *layer, const int8_t *input, uint32_t *scratch, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
