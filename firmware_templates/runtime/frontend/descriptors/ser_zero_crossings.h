/** Zero crossings of the frame. */
#ifndef SER_ZERO_CROSSINGS_H
#define SER_ZERO_CROSSINGS_H

#include "ser_frontend_config.h"

/**
 * @param pcm aligned to 4 bytes.
 * @param crossings how often a sample's sign is not that of the one before; zero is positive.
 */
void ser_zero_crossings(const int16_t pcm[SER_FRAME_LENGTH], int32_t crossings[SER_ZERO_CROSSINGS]);

#endif
