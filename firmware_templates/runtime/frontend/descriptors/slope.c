/** Slope: a line of least squares is a weighted sum. */
#include "ser_slope.h"

void ser_slope(const int32_t log_mel[SER_LOG_MEL], int32_t slope[SER_SLOPE])
{
    const int16_t *weight = ser_slope_weights;
    for (int range = 0; range < SER_SLOPE; range++) {
        const int32_t *band = log_mel + ser_slope_ranges[2 * range];
        int32_t sum = 1 << (SER_SLOPE_BITS - 1);
        for (int bands = ser_slope_ranges[2 * range + 1]; bands > 0; bands--) {
            sum += *band++ * *weight++;
        }
        slope[range] = sum >> SER_SLOPE_BITS;
    }
}
