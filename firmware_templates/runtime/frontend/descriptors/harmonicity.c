#include "ser_harmonicity.h"

#include "ser_logarithm.h"

SER_INLINE uint64_t power_at(const uint32_t *power, int bin)
{
    return ((uint64_t)power[2 * bin + 1] << 32) | power[2 * bin];
}

/** log2 of the power of a local maximum over the lower of those two bins away; a power of 0 counts as 1. */
static int32_t height(const uint32_t *power, int bin)
{
    const uint64_t left = power_at(power, bin - 2), right = power_at(power, bin + 2);
    return ser_log2(power_at(power, bin) | 1) - ser_log2((left < right ? left : right) | 1);
}

void ser_harmonicity(const uint32_t power[SER_WORK_WORDS], int32_t harmonicity[SER_HARMONICITY])
{
    int32_t sum = 0, count = 1;
    uint64_t at = power_at(power, 2);
    int rising = at > power_at(power, 1);
    for (int bin = 2; bin < SER_HARMONICITY_END; bin++) {
        const uint64_t after = power_at(power, bin + 1);
        if (rising && at > after) {
            sum += height(power, bin);
            count++;
        }
        rising = after > at;
        at = after;
    }
    harmonicity[0] = (sum / count + 128) >> 8;
}
