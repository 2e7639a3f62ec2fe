/** How the power is shared out between ranges of frequencies. */
#ifndef SER_BANDS_H
#define SER_BANDS_H

#include "ser_frontend_config.h"

/** Mel bands from and up to: 50 to 1000 Hz, 1 to 5 kHz, 250 to 650 Hz, 1 to 4 kHz, 0 to 2 kHz, 2 to 5 kHz. */
extern const uint16_t ser_bands_ranges[6 * 2];

/**
 * @param bands log2 in Q10, within +-32767: alpha ratio, power of 1 to 5 kHz to that of 50 to 1000 Hz;
 *              Hammarberg index, highest log-mel up to 2 kHz to that of 2 to 5 kHz; powers of 250 to 650 Hz and
 *              of 1 to 4 kHz, as ser_level() gives the whole's
 */
void ser_bands(const int32_t log_mel[SER_LOG_MEL], const int32_t mel_power[SER_MEL_POWER],
               int32_t bands[SER_BANDS]);

#endif
