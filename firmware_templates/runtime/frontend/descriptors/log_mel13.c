/** Every third of the 40 merged mel bands, from the second on. */
#include "ser_log_mel13.h"

void ser_log_mel13(const int32_t log_mel40[SER_LOG_MEL40], int32_t log_mel13[SER_LOG_MEL13])
{
    for (int band = 0; band < SER_LOG_MEL13; band++) {
        log_mel13[band] = log_mel40[3 * band + 1];
    }
}
