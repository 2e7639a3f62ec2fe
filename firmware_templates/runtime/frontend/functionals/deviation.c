#include "ser_deviation.h"

#include "ser_divide.h"
#include "ser_square_root.h"

void ser_deviation(const int64_t *sums, const int64_t *squares, uint32_t frames, int count, int32_t *deviations)
{
    for (int i = 0; i < count; i++) {
        /* About the mean rounded down, so that nothing cancels: sum (v - m)^2 = sum v^2 - m (sum v + rest). */
        const int64_t mean = ser_floor_divide(sums[i], frames);
        const int64_t rest = sums[i] - mean * frames;
        const uint64_t about_mean = (uint64_t)(squares[i] - mean * (sums[i] + rest));
        const uint64_t variance = about_mean * 256 - ser_divide((uint64_t)(rest * rest) * 256, frames);
        deviations[i] = (int32_t)ser_square_root(ser_divide(variance, frames));
    }
}
