/** Standardization that follows its speaker: each feature's running mean is taken off it, as far as it is trusted. */
#include "ser_means.h"

enum { TRUST_BITS = 15 };

/** Utterances heard with the next one. */
static int32_t count(const struct ser_speaker *speaker)
{
    return speaker->heard < SER_MOST_HEARD ? speaker->heard + 1 : SER_MOST_HEARD;
}

/** What a feature adds to the utterance's scatter: at most 255 * 2^14. */
static uint32_t spread(int32_t distance, int index)
{
    const int32_t steps = distance >> SER_FRACTION_BITS;
    return (uint32_t)(steps * steps) * ser_standardizer_variety.weights[index];
}

/** The mean scatter with an utterance of this one, which is 0 ... 2^15 - 1. */
static int32_t risen(const struct ser_speaker *speaker, uint64_t scatter, int32_t part)
{
    const struct ser_variety *variety = &ser_standardizer_variety;
    const int32_t farther = (int32_t)(scatter >> variety->shift) - variety->low - speaker->above;
    return speaker->above + ser_share(farther, part);
}

/** The share of the means that is taken off: none of who never varied, all of who varied as whoever was trained on. */
static int32_t trust(int32_t above)
{
    const int32_t span = ser_standardizer_variety.high - ser_standardizer_variety.low;
    return (ser_clamped(above, 0, span) << TRUST_BITS) / span;
}

void ser_standardize(const struct ser_speaker *speaker, const int32_t features[SER_FEATURES],
                     int8_t input[SER_FEATURES])
{
    const int32_t part = ser_part(1, count(speaker) + SER_PRIOR);
    uint64_t scatter = 0;
    for (int i = 0; i < SER_FEATURES; i++) {
        scatter += spread(ser_way(speaker->means[i], ser_scaled(features[i], i)), i);
    }
    const int32_t trusted = trust(risen(speaker, scatter, part));
    for (int i = 0; i < SER_FEATURES; i++) {
        const int32_t scaled = ser_scaled(features[i], i);
        const int32_t mean = speaker->means[i] + ser_share(ser_way(speaker->means[i], scaled), part);
        input[i] = ser_to_input(scaled - ((mean * trusted + (1 << (TRUST_BITS - 1))) >> TRUST_BITS));
    }
}

void ser_follow(struct ser_speaker *speaker, const int32_t features[SER_FEATURES])
{
    const int32_t part = ser_part(1, count(speaker) + SER_PRIOR);
    uint64_t scatter = 0;
    for (int i = 0; i < SER_FEATURES; i++) {
        const int32_t distance = ser_way(speaker->means[i], ser_scaled(features[i], i));
        scatter += spread(distance, i);
        speaker->means[i] = (int16_t)(speaker->means[i] + ser_share(distance, part));
    }
    speaker->above = (int16_t)risen(speaker, scatter, part);
    speaker->heard = (uint16_t)count(speaker);
}
