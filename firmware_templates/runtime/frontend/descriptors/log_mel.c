#include "ser_log_mel.h"

#include "ser_frontend_stages.h"
#include "ser_logarithm.h"

#define SILENCE (-32767)

/** Energy between two mel points, Q15: in the band that rises there, and in the one that falls there. */
struct segment {
    uint64_t rising;
    uint64_t falling;
};

#if SER_SMALL_CORE

/** Eight registers hold one sum at a time. */
SER_INLINE struct segment weigh(const uint32_t *power, const uint16_t *weights, unsigned bins)
{
    const uint32_t *const end = power + 2 * bins;
    uint64_t all = 0, rising = 0;
    uint32_t rising_high = 0;
    for (const uint32_t *bin = power; bin < end; bin += 2) {
        all += ((uint64_t)bin[1] << 32) | bin[0];
    }
    for (const uint32_t *bin = power; bin < end; bin += 2) {
        const uint32_t w = *weights++;
        rising = ser_weigh(rising, bin[0], w);
        rising_high += bin[1] * w;
    }
    rising += (uint64_t)rising_high << 32;
    const struct segment segment = {rising, (all << 15) - rising};
    return segment;
}

#else

SER_INLINE struct segment weigh(const uint32_t *power, const uint16_t *weights, unsigned bins)
{
    uint64_t all = 0, rising = 0;
    uint32_t rising_high = 0;
    for (; bins > 0; bins--, power += 2) {
        const uint32_t low = power[0], w = *weights++;
        uint32_t high = power[1];
        SER_FORGET(high);
        all += ((uint64_t)high << 32) | low;
#if SER_HOST
        rising += (((uint64_t)high << 32) | low) * w;
#else
        rising = ser_weigh(rising, low, w);
        rising_high += high * w;
#endif
    }
    rising += (uint64_t)rising_high << 32;
    const struct segment segment = {rising, (all << 15) - rising};
    return segment;
}

#endif

/**
 * Between two mel points one band rises and its neighbour falls, and their two weights of a bin add up to one: a
 * single weight a bin serves both. Triangles here peak at one; Slaney's gain is added to the logarithm.
 */
void ser_log_mel(const uint32_t power[SER_WORK_WORDS], int gain, int32_t log_mel[SER_LOG_MEL])
{
    const int32_t base = SER_LOG_MEL_BASE - (2 * (SER_SPECTRUM_BITS + gain) + 15) * 65536 + 32;
    const uint16_t *weights = ser_log_mel_weights;
    unsigned bins = ser_log_mel_lengths[0];
    uint64_t rising = weigh(power, weights, bins).rising;
    for (int band = 0; band < SER_LOG_MEL; band++) {
        power += 2 * bins;
        weights += bins;
        bins = ser_log_mel_lengths[band + 1];
        const struct segment segment = weigh(power, weights, bins);
        const uint64_t energy = rising + segment.falling;
        rising = segment.rising;
        /* An energy of one is far below SILENCE, so that none needs no case of its own. */
        const int32_t log = (ser_log2(energy | 1) + base + ser_log_mel_gains[band] * 16) >> 6;
        log_mel[band] = log < SILENCE ? SILENCE : log;
    }
}
