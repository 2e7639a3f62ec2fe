/** As in ser_log_mel(), one weight a band serves the two triangles that it lies in. */
#include "ser_log_mel40.h"

#include "ser_logarithm.h"
#include "ser_mel_power.h"

#define SILENCE (-32767)

void ser_log_mel40(const int32_t mel_power[SER_MEL_POWER], int32_t log_mel40[SER_LOG_MEL40])
{
    const int32_t base = SER_MEL_POWER_BASE - (SER_MEL_POWER_BITS + 15) * 1024 + mel_power[SER_LOG_MEL];
    const uint16_t *weights = ser_log_mel40_weights;
    uint64_t rising = 0;
    mel_power += ser_log_mel40_lengths[0];
    for (int point = 0; point <= SER_LOG_MEL40; point++) {
        uint64_t all = 0, next = 0;
        for (int bands = ser_log_mel40_lengths[point + 1]; bands > 0; bands--) {
            const uint32_t power = (uint32_t)*mel_power++;
            all += power;
            next = ser_weigh(next, power, *weights++);
        }
        if (point > 0) {
            const uint64_t energy = rising + (all << 15) - next;
            const int32_t log = ((ser_log2(energy | 1) + 32) >> 6) + base;
            log_mel40[point - 1] = log < SILENCE ? SILENCE : log;
        }
        rising = next;
    }
}
