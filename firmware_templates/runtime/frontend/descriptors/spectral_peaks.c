/** Peaks of the smoothed spectrum where the first three formants lie. */
#include "ser_spectral_peaks.h"

#include "ser_dsp.h"

#define HALF (SER_SPECTRAL_PEAKS_WIDTH / 2)

SER_INLINE uint64_t power_of(const uint32_t *power, unsigned bin)
{
    return ((uint64_t)power[2 * bin + 1] << 32) | power[2 * bin];
}

void ser_spectral_peaks(const uint32_t power[SER_WORK_WORDS], int32_t peaks[SER_SPECTRAL_PEAKS])
{
    const unsigned first = ser_spectral_peaks_ranges[0];
    for (int range = 0; range < SER_SPECTRAL_PEAKS; range++) {
        const unsigned from = ser_spectral_peaks_ranges[2 * range];
        const unsigned to = ser_spectral_peaks_ranges[2 * range + 1];
        uint64_t sum = 0, most = 0;
        unsigned peak = from;
        for (unsigned bin = from - HALF; bin < from + HALF; bin++) {
            sum += power_of(power, bin);
        }
        for (unsigned bin = from; bin < to; bin++) {
            sum += power_of(power, bin + HALF);
            /* Sums are below 2^48.4, weights at most 2^15. */
            const uint32_t weight = ser_spectral_peaks_weights[bin - first];
            const uint32_t high = (uint32_t)(sum >> 32) * weight;
            const uint64_t weighted = ser_weigh((uint64_t)high << 32, (uint32_t)sum, weight);
            if (weighted > most) {
                most = weighted;
                peak = bin;
            }
            sum -= power_of(power, bin - HALF);
        }
        peaks[range] = (int32_t)((peak * SER_SAMPLE_RATE + SER_FRAME_LENGTH / 2) / SER_FRAME_LENGTH);
    }
}
