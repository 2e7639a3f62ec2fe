/** From features to the network's input. The tables have one entry a feature, made from the training set. */
#ifndef SER_STANDARDIZER_H
#define SER_STANDARDIZER_H

#include "ser_frontend_config.h"
#include "ser_standardizer_config.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const int32_t ser_standardizer_offsets[SER_FEATURES];
/** 2^14 ... 2^15 - 1, or 0 for a feature that never varied. */
extern const int16_t ser_standardizer_multipliers[SER_FEATURES];
/** 1 ... 46. */
extern const uint8_t ser_standardizer_shifts[SER_FEATURES];
#if SER_ENROLLS
/**
 * Where the training set's speakers are neutral, in 64ths of a step of the input, and as how many utterances that
 * counts beside a speaker's own, in quarters.
 */
struct ser_neutral {
    int16_t points[SER_FEATURES];
    uint8_t priors[SER_FEATURES];
};
extern const struct ser_neutral ser_standardizer_neutral;
#elif SER_FOLLOWS
/**
 * Scatter of an utterance: (sum of weight * steps^2 from the mean) >> shift, at most 2^15 - 1. Means are trusted
 * from the low scatter on, wholly from the high one on.
 */
struct ser_variety {
    uint16_t low;
    uint16_t high;
    uint8_t shift;
    uint8_t weights[SER_FEATURES];
};
extern const struct ser_variety ser_standardizer_variety;
#endif

/** What is known of a speaker; all zero is nobody who was heard. */
struct ser_speaker {
    /** Utterances that count, at most SER_MOST_HEARD. */
    uint16_t heard;
#if SER_FOLLOWS
    /** How far the mean of the utterances' scatter lies above the low one; 0 where speakers enrol. */
    int16_t above;
    /** Mean of each feature, in 64ths of a step of the input. */
    int16_t means[SER_FEATURES];
#endif
};

#if SER_FOLLOWS
/** The speaker of the library's one instance, in sertool.c: what ser_keep() keeps. */
struct ser_speaker *ser_speaker_at_hand(void);
#endif

/**
 * Standardize and quantize the features of an utterance to the network's input:
 * input = clamp(((feature - offset) * multiplier + 2^(shift - 1)) >> shift, -128, 127). No value overflows.
 *
 * Where standardization follows the speaker, the feature's mean over the utterances heard and this one is taken
 * off, as far as their variety lets it be trusted: of who is only ever heard in one emotion, nothing. Where
 * speakers enrol, it is the mean of how far they were from the training set's neutral point. Nothing of `speaker`
 * changes until the utterance is counted.
 */
void ser_standardize(const struct ser_speaker *speaker, const int32_t features[SER_FEATURES],
                     int8_t input[SER_FEATURES]);

/**
 * Count an utterance of these features for `speaker`, a neutral one where speakers enrol, who then has fewer than
 * SER_MOST_HEARD. Without following, nothing is known of anybody.
 */
void ser_follow(struct ser_speaker *speaker, const int32_t features[SER_FEATURES]);

#ifdef __cplusplus
}
#endif

#endif
