/** Standardization that follows its speaker: each feature's running mean is taken off it, as far as it is trusted. */
#include "ser_standardizer.h"

enum {
    FRACTION_BITS = 6,
    GAIN_BITS = 15,
    TRUST_BITS = 15,
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

/** From a mean to what was heard. */
static int32_t way(int32_t mean, int32_t scaled)
{
    return clamp(scaled - mean, -LONGEST, LONGEST);
}

/** A mean goes part of its way and never past what was heard, so it stays where it can be for ever. */
static int32_t share(int32_t distance, int32_t part)
{
    return (distance * part + (1 << (GAIN_BITS - 1))) >> GAIN_BITS;
}

/** What a feature adds to the utterance's scatter: at most 255 * 2^14. */
static uint32_t spread(int32_t distance, int index)
{
    const int32_t steps = distance >> FRACTION_BITS;
    return (uint32_t)(steps * steps) * ser_standardizer_variety.weights[index];
}

/** The mean scatter with an utterance of this one, which is 0 ... 2^15 - 1. */
static int32_t risen(const struct ser_speaker *speaker, uint64_t scatter, int32_t part)
{
    const struct ser_variety *variety = &ser_standardizer_variety;
    const int32_t farther = (int32_t)(scatter >> variety->shift) - variety->low - speaker->above;
    return speaker->above + share(farther, part);
}

/** The share of the means that is taken off: none of who never varied, all of who varied as whoever was trained on. */
static int32_t trust(int32_t above)
{
    const int32_t span = ser_standardizer_variety.high - ser_standardizer_variety.low;
    return (clamp(above, 0, span) << TRUST_BITS) / span;
}

void ser_standardize(const struct ser_speaker *speaker, const int32_t features[SER_FEATURES],
                     int8_t input[SER_FEATURES])
{
    const int32_t part = gain(speaker);
    uint64_t scatter = 0;
    for (int i = 0; i < SER_FEATURES; i++) {
        scatter += spread(way(speaker->means[i], scale(features[i], i)), i);
    }
    const int32_t trusted = trust(risen(speaker, scatter, part));
    for (int i = 0; i < SER_FEATURES; i++) {
        const int32_t scaled = scale(features[i], i);
        const int32_t mean = speaker->means[i] + share(way(speaker->means[i], scaled), part);
        const int32_t left = scaled - ((mean * trusted + (1 << (TRUST_BITS - 1))) >> TRUST_BITS);
        input[i] = (int8_t)clamp((left + (1 << (FRACTION_BITS - 1))) >> FRACTION_BITS, -128, 127);
    }
}

void ser_follow(struct ser_speaker *speaker, const int32_t features[SER_FEATURES])
{
    const int32_t part = gain(speaker);
    uint64_t scatter = 0;
    for (int i = 0; i < SER_FEATURES; i++) {
        const int32_t distance = way(speaker->means[i], scale(features[i], i));
        scatter += spread(distance, i);
        speaker->means[i] = (int16_t)(speaker->means[i] + share(distance, part));
    }
    speaker->above = (int16_t)risen(speaker, scatter, part);
    speaker->heard = (uint16_t)count(speaker);
}
