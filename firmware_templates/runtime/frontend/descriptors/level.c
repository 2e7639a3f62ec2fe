/** Level: by Parseval's theorem the powers of all bins and their conjugates are the frame's. */
#include "ser_level.h"

#include "ser_frontend_stages.h"
#include "ser_logarithm.h"

#define SILENCE (-32767)

SER_INLINE uint64_t power_of(const uint32_t *power, int bin)
{
    return ((uint64_t)power[2 * bin + 1] << 32) | power[2 * bin];
}

void ser_level(const uint32_t power[SER_WORK_WORDS], int gain, int32_t level[SER_LEVEL])
{
    uint64_t sum = 0;
    SER_UNROLL(4)
    for (int bin = 1; bin < SER_BINS - 1; bin++) {
        sum += power_of(power, bin);
    }
    sum += sum + power_of(power, 0) + power_of(power, SER_BINS - 1);
    /* A power of one is far below SILENCE, so that none needs no case of its own. */
    const int32_t base = SER_LEVEL_BASE - 2 * (SER_SPECTRUM_BITS + gain) * 65536 + 32;
    const int32_t log = (ser_log2(sum | 1) + base) >> 6;
    level[0] = log < SILENCE ? SILENCE : log;
}
