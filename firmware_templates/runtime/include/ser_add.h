/**
 * The sum of two int8 tensors.
 */
#ifndef SER_ADD_H
#define SER_ADD_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A sum of two tensors: factors and zero points of both sides and of the sum. */
struct ser_add {
    uint32_t size;              /**< values of each tensor, at least 1 */
    int32_t left_multiplier;    /**< in [2^30, 2^31), or 0; so are the others */
    int32_t right_multiplier;
    int32_t multiplier;
    int8_t left_shift;          /**< -31 ... 0; so are the others */
    int8_t right_shift;
    int8_t shift;
    int16_t left_zero_point;
    int16_t right_zero_point;
    int16_t output_zero_point;
    int16_t lowest;             /**< the clamp, before the zero point is added: -255 ... 255 */
    int16_t highest;
};

/**
 * The sum of two tensors.
 *
 * @param left    add->size values, of any alignment; so is the right
 * @param output  add->size values; may be one of the inputs itself
 */
void ser_add_int8(const struct ser_add *add, const int8_t *left, const int8_t *right, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
