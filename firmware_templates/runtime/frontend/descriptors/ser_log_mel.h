/** Mel bands of the power and their logarithm. */
#ifndef SER_LOG_MEL_H
#define SER_LOG_MEL_H

#include "ser_frontend_config.h"

/** Bins between two neighbouring mel points, in order. */
extern const SER_LOG_MEL_LENGTH ser_log_mel_lengths[SER_LOG_MEL + 1];
/** Weight of each bin in the band that rises there, Q15; the rest goes to the band that falls there. */
extern const uint16_t ser_log_mel_weights[SER_BINS];
/** log2 of each band's Slaney gain, Q12, less that of the smallest, which SER_LOG_MEL_BASE has. */
extern const uint16_t ser_log_mel_gains[SER_LOG_MEL];

/**
 * @param gain    as given to ser_window_pass()
 * @param log_mel log2 of librosa.feature.melspectrogram of samples of full scale 1, Q10 (a step is 0.00294 dB),
 *                within +-32767; silence is -32767 (-96.3 dB)
 */
void ser_log_mel(const uint32_t power[SER_WORK_WORDS], int gain, int32_t log_mel[SER_LOG_MEL]);

#endif
