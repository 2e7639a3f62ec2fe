/**
 * A window that moves over an image of int8 values, (height, width, channels).
 */
#ifndef SER_WINDOW_H
#define SER_WINDOW_H

#include <stdint.h>

/** An image and a window; all of them are at least 1, but what is before the border. */
struct ser_window {
    uint16_t height;            /**< of the image */
    uint16_t width;
    uint16_t channels;
    uint16_t places_down;       /**< how often the window stands in it */
    uint16_t places_across;
    uint16_t size_down;         /**< how many values it meets */
    uint16_t size_across;
    uint16_t stride_down;       /**< from one place to the next */
    uint16_t stride_across;
    uint16_t dilation_down;     /**< from one value that it meets to the next */
    uint16_t dilation_across;
    uint16_t before_down;       /**< how far the first place reaches over the upper border */
    uint16_t before_across;     /**< and over the left one */
};

#endif
