#include "ser_weighted_deviation.h"

#include "ser_magnitude.h"

void ser_weighted_deviation(const struct ser_weighted *weighted, const uint32_t *weights, int shift, uint32_t frames,
                            int count, int32_t *features)
{
    const uint32_t total = *weights;
    (void)frames;
    for (int i = 0; i < count; i++) {
        features[i] = 0;
        if (total > 0) {
            const struct ser_magnitude spread = ser_spread(weighted[i].sum, (int64_t)weighted[i].squares, total);
            features[i] = ser_fixed(ser_over(ser_root(spread), ser_magnitude_from(total)), 4 + shift);
        }
    }
}
