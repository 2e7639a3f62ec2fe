#include "ser_delta_sums.h"

void ser_count_delta_sums(int32_t *sums, const int16_t *delta, int count)
{
    for (int i = 0; i < count; i++) {
        sums[i] += delta[i];
    }
}
