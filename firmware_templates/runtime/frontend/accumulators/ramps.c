#include "ser_ramps.h"

void ser_count_ramps(int64_t *ramps, const int64_t *sums, int count)
{
    for (int i = 0; i < count; i++) {
        ramps[i] += sums[i];
    }
}
