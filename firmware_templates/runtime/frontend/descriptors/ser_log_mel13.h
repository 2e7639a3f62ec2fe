/** Every third of the 40 merged mel bands, from the second on. */
#ifndef SER_LOG_MEL13_H
#define SER_LOG_MEL13_H

#include "ser_frontend_config.h"

/** @param log_mel13 log2, Q10, within +-32767 */
void ser_log_mel13(const int32_t log_mel40[SER_LOG_MEL40], int32_t log_mel13[SER_LOG_MEL13]);

#endif
