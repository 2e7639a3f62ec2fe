#include "ser_trend.h"

#include "ser_magnitude.h"

void ser_trend(const int64_t *sums, const int64_t *squares, const int64_t *ramps, uint32_t frames, int count,
               int32_t *features)
{
    /* Time's variance is (n^2 - 1) / 12, and `spread` n^2 times the value's. */
    const struct ser_magnitude time = ser_magnitude_from((uint64_t)frames * frames - 1);
    for (int i = 0; i < count; i++) {
        const struct ser_magnitude spread = ser_spread(sums[i], squares[i], frames);
        features[i] = 0;
        if (spread.mantissa) {
            /* 2 n times the covariance, since sum t x = n sum x - ramp. */
            const int64_t covariance = ((int64_t)frames + 1) * sums[i] - 2 * ramps[i];
            const struct ser_magnitude size = ser_magnitude_of(covariance);
            const struct ser_magnitude thrice = ser_times(ser_times(size, size), ser_magnitude_from(3));
            const int32_t correlation = ser_fixed(ser_root(ser_over(thrice, ser_times(spread, time))), 15);
            features[i] = covariance < 0 ? -correlation : correlation;
        }
    }
}
