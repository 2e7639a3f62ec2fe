/** Standardization by what a speaker enrolled with: the neutral point's distance from the training set's is taken off. */
#include "ser_means.h"

/** Priors are in quarters of an utterance. */
enum { QUARTERS = 4 };

void ser_standardize(const struct ser_speaker *speaker, const int32_t features[SER_FEATURES],
                     int8_t input[SER_FEATURES])
{
    for (int i = 0; i < SER_FEATURES; i++) {
        input[i] = ser_to_input(ser_scaled(features[i], i) - speaker->means[i]);
    }
}

void ser_follow(struct ser_speaker *speaker, const int32_t features[SER_FEATURES])
{
    const int32_t own = QUARTERS * (speaker->heard + 1);
    for (int i = 0; i < SER_FEATURES; i++) {
        const int32_t mean = speaker->means[i];
        const int32_t apart = ser_scaled(features[i], i) - ser_standardizer_neutral.points[i];
        const int32_t part = ser_part(QUARTERS, own + ser_standardizer_neutral.priors[i]);
        speaker->means[i] = (int16_t)(mean + ser_share(ser_way(mean, apart), part));
    }
    speaker->heard++;
}
