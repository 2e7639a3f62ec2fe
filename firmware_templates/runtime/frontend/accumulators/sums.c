#include "ser_sums.h"

#include "ser_dsp.h"

void ser_count_sums(int64_t *sums, const int32_t *values, int count)
{
    SER_UNROLL(4)
    for (int i = 0; i < count; i++) {
        sums[i] += values[i];
    }
}
