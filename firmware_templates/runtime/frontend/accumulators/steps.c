#include "ser_steps.h"

#include "ser_narrow.h"

void ser_count_steps(int64_t *steps, const int32_t *values, const int16_t *previous, int shift, int count)
{
    for (int i = 0; i < count; i++) {
        const int32_t step = ser_narrow(values[i], shift) - previous[i];
        steps[i] += step * step;
    }
}
