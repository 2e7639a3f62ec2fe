#include "ser_weighted.h"

#include "ser_narrow.h"

void ser_count_weighted(struct ser_weighted *weighted, const int32_t *values, const int32_t *loudness, int shift,
                        int count)
{
    const int32_t weight = *loudness;
    for (int i = 0; i < count; i++) {
        const int32_t value = ser_narrow(values[i], shift);
        weighted[i].sum += weight * value;
        weighted[i].squares = ser_weigh(weighted[i].squares, (uint32_t)(value * value), (uint32_t)weight);
    }
}
