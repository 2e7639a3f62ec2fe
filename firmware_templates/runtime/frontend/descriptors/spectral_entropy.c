/** Entropy, from logarithms that are known: of the sum, and of each band, by its power. */
#include "ser_spectral_entropy.h"

#include "ser_dsp.h"
#include "ser_log_mel.h"
#include "ser_logarithm.h"
#include "ser_mel_power.h"
#include "ser_quotient.h"

void ser_spectral_entropy(const int32_t log_mel[SER_LOG_MEL], const int32_t mel_power[SER_MEL_POWER],
                          int32_t entropy[SER_SPECTRAL_ENTROPY])
{
    uint64_t weighted = 0, sum = 0;
    for (int band = 0; band < SER_LOG_MEL; band++) {
        const uint32_t power = (uint32_t)mel_power[band];
        const int32_t below = mel_power[SER_LOG_MEL] - log_mel[band] + ((ser_log_mel_gains[band] + 2) >> 2);
        /* A band without power may be further below than 16 bits tell. */
        weighted = power > 0 ? ser_weigh(weighted, power, (uint32_t)below) : weighted;
        sum += power;
    }
    entropy[0] = ((ser_log2(sum) + 32) >> 6) - SER_MEL_POWER_BITS * 1024 + ser_quotient(weighted, sum);
}
