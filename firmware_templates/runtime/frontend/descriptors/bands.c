/** How the power is shared out between ranges of frequencies. */
#include "ser_bands.h"

#include "ser_dsp.h"
#include "ser_logarithm.h"
#include "ser_mel_power.h"

enum range { BELOW_1K, FROM_1K_TO_5K, FROM_250_TO_650, FROM_1K_TO_4K, BELOW_2K, FROM_2K_TO_5K };

/** log2 in Q10 of the power in a range, in the unit of `mel_power`; none counts as the least there can be. */
static int32_t log_of(const int32_t *mel_power, enum range range)
{
    uint64_t sum = 0;
    for (unsigned band = ser_bands_ranges[2 * range]; band < ser_bands_ranges[2 * range + 1]; band++) {
        sum += (uint32_t)mel_power[band];
    }
    return (ser_log2(sum | 1) + 32) >> 6;
}

static int32_t highest(const int32_t *log_mel, enum range range)
{
    int32_t most = log_mel[ser_bands_ranges[2 * range]];
    for (unsigned band = ser_bands_ranges[2 * range]; band < ser_bands_ranges[2 * range + 1]; band++) {
        most = log_mel[band] > most ? log_mel[band] : most;
    }
    return most;
}

SER_INLINE int32_t within(int32_t log)
{
    return log > 32767 ? 32767 : log < -32767 ? -32767 : log;
}

void ser_bands(const int32_t log_mel[SER_LOG_MEL], const int32_t mel_power[SER_MEL_POWER],
               int32_t bands[SER_BANDS])
{
    const int32_t largest = mel_power[SER_LOG_MEL] + SER_MEL_POWER_BASE + SER_BANDS_LEVEL;
    const int32_t base = largest - SER_MEL_POWER_BITS * 1024;
    bands[0] = within(log_of(mel_power, FROM_1K_TO_5K) - log_of(mel_power, BELOW_1K));
    bands[1] = within(highest(log_mel, BELOW_2K) - highest(log_mel, FROM_2K_TO_5K));
    bands[2] = within(log_of(mel_power, FROM_250_TO_650) + base);
    bands[3] = within(log_of(mel_power, FROM_1K_TO_4K) + base);
}
