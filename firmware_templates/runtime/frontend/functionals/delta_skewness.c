#include "ser_delta_skewness.h"

#include "ser_skewness.h"

void ser_delta_skewness(const int32_t *delta_sums, const int64_t *delta_squares, const int64_t *delta_cubes,
                        uint32_t frames, int count, int32_t *features)
{
    for (int i = 0; i < count; i++) {
        features[i] = ser_skewness(delta_sums[i], delta_squares[i], delta_cubes[i], frames);
    }
}
