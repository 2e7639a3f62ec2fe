/** Standardization by the training set alone: every utterance for itself. */
#include "ser_standardizer.h"

void ser_standardize(const struct ser_speaker *speaker, const int32_t features[SER_FEATURES],
                     int8_t input[SER_FEATURES])
{
    (void)speaker;
    for (int i = 0; i < SER_FEATURES; i++) {
        const int shift = ser_standardizer_shifts[i];
        const int64_t centred = (int64_t)features[i] - ser_standardizer_offsets[i];
        const int64_t rounding = (int64_t)1 << (shift - 1);
        const int64_t scaled = (centred * ser_standardizer_multipliers[i] + rounding) >> shift;
        input[i] = (int8_t)(scaled < -128 ? -128 : scaled > 127 ? 127 : scaled);
    }
}

void ser_follow(struct ser_speaker *speaker, const int32_t features[SER_FEATURES])
{
    (void)speaker;
    (void)features;
}
