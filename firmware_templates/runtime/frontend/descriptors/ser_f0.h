/** The voice's fundamental frequency. */
#ifndef SER_F0_H
#define SER_F0_H

#include <stdint.h>

#include "ser_frontend_config.h"

/**
 * @param pitch of ser_pitch()
 * @param f0    in 1/64 semitones above 27.5 Hz, 0 < f0 < 2^12; 0 where unvoiced
 */
void ser_f0(const int32_t pitch[SER_PITCH], int32_t f0[SER_F0]);

#endif
