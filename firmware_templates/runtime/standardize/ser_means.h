/** Means of features, which go part of the way to what is heard: what every standardization that follows shares. */
#ifndef SER_MEANS_H
#define SER_MEANS_H

#include "ser_dsp.h"
#include "ser_standardizer.h"

enum {
    SER_FRACTION_BITS = 6,
    SER_GAIN_BITS = 15,
    /** Means fit int16: features are clamped so far from the training set's, in 64ths of a step. */
    SER_FARTHEST_FEATURE = INT16_MAX,
    /** No utterance moves a mean as if it were farther from it than the input reaches. */
    SER_LONGEST_WAY = 128 << SER_FRACTION_BITS
};

SER_INLINE int32_t ser_clamped(int32_t value, int32_t lowest, int32_t highest)
{
    return value < lowest ? lowest : value > highest ? highest : value;
}

/** A feature in 64ths of a step of the input; 2^32 * 2^15 * 2^6 fits in 64 bits. */
SER_INLINE int32_t ser_scaled(int32_t feature, int index)
{
    const int shift = ser_standardizer_shifts[index];
    const int64_t centred = (int64_t)feature - ser_standardizer_offsets[index];
    const int64_t rounding = (int64_t)1 << (shift - 1);
    const int64_t fine = centred * ser_standardizer_multipliers[index] * (1 << SER_FRACTION_BITS);
    const int64_t scaled = (fine + rounding) >> shift;
    return (int32_t)(scaled < -SER_FARTHEST_FEATURE  ? -SER_FARTHEST_FEATURE
                     : scaled > SER_FARTHEST_FEATURE ? SER_FARTHEST_FEATURE
                                                     : scaled);
}

/** The part unit / weight of its way that a mean goes; the unit is at most 2^15. */
SER_INLINE int32_t ser_part(int32_t unit, int32_t weight)
{
    return ((unit << SER_GAIN_BITS) + weight / 2) / weight;
}

/** From a mean to what was heard. */
SER_INLINE int32_t ser_way(int32_t mean, int32_t heard)
{
    return ser_clamped(heard - mean, -SER_LONGEST_WAY, SER_LONGEST_WAY);
}

/** A mean goes part of its way and never past what was heard, so it stays where it can be for ever. */
SER_INLINE int32_t ser_share(int32_t distance, int32_t part)
{
    return (distance * part + (1 << (SER_GAIN_BITS - 1))) >> SER_GAIN_BITS;
}

/** From 64ths of a step to the network's input. */
SER_INLINE int8_t ser_to_input(int32_t left)
{
    return (int8_t)ser_clamped((left + (1 << (SER_FRACTION_BITS - 1))) >> SER_FRACTION_BITS, -128, 127);
}

#endif
