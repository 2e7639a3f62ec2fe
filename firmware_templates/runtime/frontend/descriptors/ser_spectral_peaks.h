/** Peaks of the smoothed spectrum where the first three formants lie. */
#ifndef SER_SPECTRAL_PEAKS_H
#define SER_SPECTRAL_PEAKS_H

#include "ser_frontend_config.h"

/** Bins from, and up to, of 250 to 1000, 900 to 2600 and 2200 to 3800 Hz. */
extern const uint16_t ser_spectral_peaks_ranges[2 * SER_SPECTRAL_PEAKS];
/** Weight of each bin of all ranges, the lowest first: sqrt(1 + f / 1 kHz), the last 2^15. */
extern const uint16_t ser_spectral_peaks_weights[];

/** @param peaks in Hz: the bins around which the weighted power in SER_SPECTRAL_PEAKS_WIDTH bins is largest */
void ser_spectral_peaks(const uint32_t power[SER_WORK_WORDS], int32_t peaks[SER_SPECTRAL_PEAKS]);

#endif
