/** Mel bands and their logarithm. */
#include "ser_frontend_stages.h"
#include "ser_logarithm.h"

#define SILENCE (-32767)

/**
 * Between two mel points one band rises and its neighbour falls, and their two weights of a bin add up to one: a
 * single weight a bin serves both. Triangles here peak at one; Slaney's gain is added to the logarithm.
 */
void ser_mel(const uint32_t power[SER_WORK_WORDS], int gain, int32_t log_mel[SER_MEL_BANDS])
{
    const int32_t base = SER_MEL_LOG_BASE - (2 * (SER_SPECTRUM_BITS + gain) + 15) * 65536 + 32;
    const uint16_t *weight = ser_mel_weights;
    uint64_t rising = 0;
    for (int segment = 0; segment <= SER_MEL_BANDS; segment++) {
        uint64_t all = 0, low_rising = 0;
        uint32_t high_rising = 0;
        for (unsigned bins = ser_mel_lengths[segment]; bins > 0; bins--) {
            const uint32_t low = power[0], high = power[1], w = *weight++;
            power += 2;
            all += ((uint64_t)high << 32) | low;
            low_rising += (uint64_t)low * w;
            high_rising += high * w;
        }
        const uint64_t next_rising = low_rising + ((uint64_t)high_rising << 32);
        if (segment > 0) {
            const uint64_t energy = rising + ((all << 15) - next_rising);
            int32_t log = SILENCE;
            if (energy > 0) {
                log = (ser_log2(energy) + base + ser_mel_gains[segment - 1] * 16) >> 6;
                log = log < SILENCE ? SILENCE : log;
            }
            log_mel[segment - 1] = log;
        }
        rising = next_rising;
    }
}
