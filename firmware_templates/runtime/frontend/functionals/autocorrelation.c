#include "ser_autocorrelation.h"

#include "ser_magnitude.h"

void ser_autocorrelation(const int64_t *sums, const int64_t *squares, const int64_t *steps, int shift, uint32_t frames,
                         int count, int32_t *features)
{
    const struct ser_magnitude scale = ser_magnitude_from((uint64_t)frames << (2 * shift));
    for (int i = 0; i < count; i++) {
        const struct ser_magnitude spread = ser_spread(sums[i], squares[i], frames);
        features[i] = 0;
        if (spread.mantissa) {
            const struct ser_magnitude stepping = ser_times(ser_magnitude_from((uint64_t)steps[i]), scale);
            const int32_t half_ratio = ser_fixed(ser_over(stepping, spread), 14);
            features[i] = half_ratio > 65536 ? -32768 : 32768 - half_ratio;
        }
    }
}
