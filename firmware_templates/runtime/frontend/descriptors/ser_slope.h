/** Slope: how log-mel falls or rises over a range of frequencies. */
#ifndef SER_SLOPE_H
#define SER_SLOPE_H

#include "ser_frontend_config.h"

/** First band of each range, and how many it has. */
extern const uint8_t ser_slope_ranges[2 * SER_SLOPE];
/** What each band of each range adds to its slope, in Q(SER_SLOPE_BITS); the sum over a range is 0. */
extern const int16_t ser_slope_weights[];

/** @param slope of the line of least squares, in 1/32 dB per kHz */
void ser_slope(const int32_t log_mel[SER_LOG_MEL], int32_t slope[SER_SLOPE]);

#endif
