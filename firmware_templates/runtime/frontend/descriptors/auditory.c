/** The auditory spectrum: equal loudness and the power law, both in the logarithm. */
#include "ser_auditory.h"

#include "ser_auditory_weights.h"
#include "ser_exponential.h"

/** 0.33 in Q16. */
#define EXPONENT 21627

void ser_auditory(const int32_t log_auditory[SER_LOG_AUDITORY], int32_t auditory[SER_AUDITORY])
{
    for (int group = 0; group < SER_AUDITORY; group++) {
        const int32_t log = (log_auditory[group] * EXPONENT) >> 16;
        auditory[group] = (int32_t)ser_exp2(log + ser_auditory_weights[group]);
    }
}
