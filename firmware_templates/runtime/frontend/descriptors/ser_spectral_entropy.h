/** Entropy: how evenly the power is spread over the bands. */
#ifndef SER_SPECTRAL_ENTROPY_H
#define SER_SPECTRAL_ENTROPY_H

#include "ser_frontend_config.h"

/** @param entropy in bits, Q10 */
void ser_spectral_entropy(const int32_t log_mel[SER_LOG_MEL], const int32_t mel_power[SER_MEL_POWER],
                          int32_t entropy[SER_SPECTRAL_ENTROPY]);

#endif
