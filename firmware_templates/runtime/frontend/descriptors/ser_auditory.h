/** The auditory spectrum: what each of the groups of ser_log_auditory() adds to the loudness. */
#ifndef SER_AUDITORY_H
#define SER_AUDITORY_H

#include "ser_frontend_config.h"

/** @param auditory (equal loudness * power)^0.33, Q20; the sum of all is below 2^28 */
void ser_auditory(const int32_t log_auditory[SER_LOG_AUDITORY], int32_t auditory[SER_AUDITORY]);

#endif
