/** Loudness: the sum of the auditory spectrum. */
#ifndef SER_LOUDNESS_H
#define SER_LOUDNESS_H

#include "ser_frontend_config.h"

/** @param loudness Q8 */
void ser_loudness(const int32_t auditory[SER_AUDITORY], int32_t loudness[SER_LOUDNESS]);

#endif
