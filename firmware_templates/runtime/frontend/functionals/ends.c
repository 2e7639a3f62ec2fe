#include "ser_ends.h"

#include "ser_magnitude.h"

void ser_ends(const int64_t *sums, const int32_t *delta_sums, const int64_t *delta_squares,
              const struct ser_borders *borders, int shift, uint32_t frames, int count, int32_t *features)
{
    const struct ser_magnitude scale = ser_magnitude_from((uint64_t)frames << shift);
    for (int i = 0; i < count; i++) {
        const struct ser_magnitude spread = ser_spread(delta_sums[i], delta_squares[i], frames);
        features[i] = 0;
        if (spread.mantissa) {
            /* The delta is ten times the slope, and the ends are twice what their mean is: a fifth of both. */
            const int64_t both = borders[i].first + borders[i].last_but_one + borders[i].last;
            const int64_t ends = 5 * (both * ((int64_t)frames << shift) - 4 * sums[i]);
            const struct ser_magnitude moving = ser_times(ser_root(spread), scale);
            const int32_t ratio = ser_fixed(ser_over(ser_magnitude_of(ends), moving), 15);
            features[i] = ends < 0 ? -ratio : ratio;
        }
    }
}
