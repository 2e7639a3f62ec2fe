#include "ser_mean.h"

#include "ser_divide.h"

void ser_mean(const int64_t *sums, uint32_t frames, int count, int32_t *means)
{
    for (int i = 0; i < count; i++) {
        means[i] = (int32_t)ser_floor_divide(sums[i] * 16 + frames / 2, frames);
    }
}
