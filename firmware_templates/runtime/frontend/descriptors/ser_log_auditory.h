/** The log-mel bands in 26 groups, as wide as the ear's: what loudness, RASTA and flux look at. */
#ifndef SER_LOG_AUDITORY_H
#define SER_LOG_AUDITORY_H

#include "ser_frontend_config.h"

/** How many bands each group has, from the first band on. */
extern const uint8_t ser_log_auditory_lengths[SER_LOG_AUDITORY];
/** One over them, Q30. */
extern const int32_t ser_log_auditory_parts[SER_LOG_AUDITORY];

/** @param log_auditory mean of the group's log-mel, Q10 of log2, within +-32767 */
void ser_log_auditory(const int32_t log_mel[SER_LOG_MEL], int32_t log_auditory[SER_LOG_AUDITORY]);

#endif
