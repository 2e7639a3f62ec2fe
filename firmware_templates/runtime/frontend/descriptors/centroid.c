/** Centroid: the mean frequency of the power. */
#include "ser_centroid.h"

#include "ser_dsp.h"
#include "ser_mel_power.h"
#include "ser_quotient.h"

void ser_centroid(const int32_t mel_power[SER_MEL_POWER], int32_t centroid[SER_CENTROID])
{
    uint64_t weighted = 0, sum = 0;
    for (int band = 0; band < SER_LOG_MEL; band++) {
        const uint32_t power = (uint32_t)mel_power[band];
        weighted = ser_weigh(weighted, power, ser_mel_power_centres[band]);
        sum += power;
    }
    centroid[0] = ser_quotient(weighted, sum);
}
