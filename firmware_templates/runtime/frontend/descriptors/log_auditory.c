/** The log-mel bands in groups. */
#include "ser_log_auditory.h"

void ser_log_auditory(const int32_t log_mel[SER_LOG_MEL], int32_t log_auditory[SER_LOG_AUDITORY])
{
    for (int group = 0; group < SER_LOG_AUDITORY; group++) {
        int32_t sum = 0;
        for (int bands = ser_log_auditory_lengths[group]; bands > 0; bands--) {
            sum += *log_mel++;
        }
        const int64_t mean = (int64_t)sum * ser_log_auditory_parts[group] + (1 << 29);
        log_auditory[group] = (int32_t)(mean >> 30);
    }
}
