#include "ser_deviation.h"

#include "ser_divide.h"
#include "ser_square_root.h"

void ser_deviation(const int64_t *sums, const int64_t *squares, uint32_t frames, int count, int32_t *deviations)
{
    for (int i = 0; i < count; i++) {
        /* About the mean rounded down, so that nothing cancels: sum (v - m)^2 = sum v^2 - m (sum v + rest). */
        const int64_t mean = ser_floor_divide(sums[i], frames);
        const int64_t rest = sums[i] - mean * frames;
        const int64_t about_mean = squares[i] - mean * (sums[i] + rest);
        const int64_t variance = (about_mean * 256 - rest * rest * 256 / frames) / frames;
        deviations[i] = (int32_t)ser_square_root((uint64_t)variance);
    }
}
