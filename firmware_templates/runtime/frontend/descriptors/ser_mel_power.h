/** The mel bands' powers, the largest being one: what all that weighs frequencies by their power looks at. */
#ifndef SER_MEL_POWER_H
#define SER_MEL_POWER_H

#include "ser_frontend_config.h"

/** Bits of a band's power, that of the largest being 2^this. */
#define SER_MEL_POWER_BITS 30

/** Centre of each band in Hz. */
extern const uint16_t ser_mel_power_centres[SER_LOG_MEL];

/**
 * @param mel_power power in each band's triangle, whose peak is one; silence is the floor of log-mel, so that no
 *                  frame is without. After them log2 of the largest, Q10, less SER_MEL_POWER_BASE.
 */
void ser_mel_power(const int32_t log_mel[SER_LOG_MEL], int32_t mel_power[SER_MEL_POWER]);

#endif
