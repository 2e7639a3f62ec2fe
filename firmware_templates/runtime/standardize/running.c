/** Standardization that follows its speaker: each feature's running mean is taken off it. */
#include "ser_standardizer.h"

enum {
    FRACTION_BITS = 6,
    GAIN_BITS = 15,
    /** Means fit int16: features are clamped so far from the training set's, in 64ths of a step. */
    FARTHEST = INT16_MAX,
    /** No utterance moves a mean as if it were farther from it than the input reaches. */
    LONGEST = 128 << FRACTION_BITS
};

static int32_t clamp(int32_t value, int32_t lowest, int32_t highest)
{
    return value < lowest ? lowest : value > highest ? highest : value;
}

/** 2^32 * 2^15 * 2^6 fits in 64 bits. */
static int32_t scale(int32_t feature, int index)
{
    const int shift = ser_standardizer_shifts[index];
    const int64_t centred = (int64_t)feature - ser_standardizer_offsets[index];
    const int64_t rounding = (int64_t)1 << (shift - 1);
    const int64_t scaled = (centred * ser_standardizer_multipliers[index] * (1 << FRACTION_BITS) + rounding) >> shift;
    return (int32_t)(scaled < -FARTHEST ? -FARTHEST : scaled > FARTHEST ? FARTHEST : scaled);
}

/** Utterances heard with the next one. */
static int32_t count(const struct ser_speaker *speaker)
{
    return speaker->heard < SER_MOST_HEARD ? speaker->heard + 1 : SER_MOST_HEARD;
}

/** The part of the way that a mean goes, at most half of it. */
static int32_t gain(const struct ser_speaker *speaker)
{
    const int32_t weight = count(speaker) + SER_PRIOR;
    return ((1 << GAIN_BITS) + weight / 2) / weight;
}

/** A mean goes towards its feature and never past it, so it stays within FARTHEST for ever. */
static int32_t moved(int32_t mean, int32_t scaled, int32_t part)
{
    const int32_t way = clamp(scaled - mean, -LONGEST, LONGEST);
    return mean + ((way * part + (1 << (GAIN_BITS - 1))) >> GAIN_BITS);
}

void ser_standardize(const struct ser_speaker *speaker, const int32_t features[SER_FEATURES],
                     int8_t input[SER_FEATURES])
{
    const int32_t part = gain(speaker);
    for (int i = 0; i < SER_FEATURES; i++) {
        const int32_t scaled = scale(features[i], i);
        const int32_t left = scaled - moved(speaker->means[i], scaled, part);
        input[i] = (int8_t)clamp((left + (1 << (FRACTION_BITS - 1))) >> FRACTION_BITS, -128, 127);
    }
}

void ser_follow(struct ser_speaker *speaker, const int32_t features[SER_FEATURES])
{
    const int32_t part = gain(speaker);
    for (int i = 0; i < SER_FEATURES; i++) {
        speaker->means[i] = (int16_t)moved(speaker->means[i], scale(features[i], i), part);
    }
    speaker->heard = (uint16_t)count(speaker);
}
