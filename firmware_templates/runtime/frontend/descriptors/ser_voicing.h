/** How periodic a frame is. */
#ifndef SER_VOICING_H
#define SER_VOICING_H

#include <stdint.h>

#include "ser_frontend_config.h"

/**
 * @param pitch   of ser_pitch()
 * @param voicing the autocorrelation at the best period, voiced or not, Q15: 0 ... 32767
 */
void ser_voicing(const int32_t pitch[SER_PITCH], int32_t voicing[SER_VOICING]);

#endif
