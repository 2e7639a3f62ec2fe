/** How loud a group of ser_log_auditory() is to the ear. */
#ifndef SER_AUDITORY_WEIGHTS_H
#define SER_AUDITORY_WEIGHTS_H

#include "ser_frontend_config.h"

/** log2 of its equal loudness to the power of 0.33, times 2^20, in Q10. */
extern const int16_t ser_auditory_weights[SER_LOG_AUDITORY];

#endif
