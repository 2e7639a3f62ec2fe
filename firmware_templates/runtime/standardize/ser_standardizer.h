/** From features to the network's input. The tables have one entry a feature, made from the training set. */
#ifndef SER_STANDARDIZER_H
#define SER_STANDARDIZER_H

#include "ser_frontend_config.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const int32_t ser_standardizer_offsets[SER_FEATURES];
/** 2^14 ... 2^15 - 1, or 0 for a feature that never varied. */
extern const int16_t ser_standardizer_multipliers[SER_FEATURES];
/** 1 ... 46. */
extern const uint8_t ser_standardizer_shifts[SER_FEATURES];

/**
 * Standardize and quantize features to the network's input:
 * input = clamp(((feature - offset) * multiplier + 2^(shift - 1)) >> shift, -128, 127). No value overflows.
 */
void ser_standardize(const int32_t features[SER_FEATURES], int8_t input[SER_FEATURES]);

#ifdef __cplusplus
}
#endif

#endif
