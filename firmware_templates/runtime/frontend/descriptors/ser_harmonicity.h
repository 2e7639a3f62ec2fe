/** How far the spectrum's peaks below 2 kHz stand out of its valleys. */
#ifndef SER_HARMONICITY_H
#define SER_HARMONICITY_H

#include <stdint.h>

#include "ser_frontend_config.h"

/**
 * @param harmonicity mean over the local maxima, and one of 0 besides, of log2 of the power there over the lower one
 *                    of those two bins away; Q8, within +-48 * 256
 */
void ser_harmonicity(const uint32_t power[SER_WORK_WORDS], int32_t harmonicity[SER_HARMONICITY]);

#endif
