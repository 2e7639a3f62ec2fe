/** From log-mel back to powers. Slaney's gain makes log-mel a density; what it was is taken off again. */
#include "ser_mel_power.h"

#include "ser_exponential.h"
#include "ser_log_mel.h"

SER_INLINE int32_t log_of(const int32_t *log_mel, int band)
{
    return log_mel[band] - ((ser_log_mel_gains[band] + 2) >> 2);
}

void ser_mel_power(const int32_t log_mel[SER_LOG_MEL], int32_t mel_power[SER_MEL_POWER])
{
    int32_t largest = log_of(log_mel, 0);
    for (int band = 0; band < SER_LOG_MEL; band++) {
        const int32_t log = log_of(log_mel, band);
        mel_power[band] = log;
        largest = log > largest ? log : largest;
    }
    for (int band = 0; band < SER_LOG_MEL; band++) {
        mel_power[band] = (int32_t)ser_exp2(mel_power[band] - largest + SER_MEL_POWER_BITS * 1024);
    }
    mel_power[SER_LOG_MEL] = largest;
}
