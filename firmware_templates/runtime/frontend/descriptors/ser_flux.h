/** Flux: how much the groups change from frame to frame. */
#ifndef SER_FLUX_H
#define SER_FLUX_H

#include "ser_frontend_config.h"

/** Of an utterance; begins as zero bytes. */
struct ser_flux_state {
    int16_t before[SER_LOG_AUDITORY];
    uint16_t heard;
};

/** @param flux sum of the groups' absolute changes, Q4 of log2; 0 in the first frame */
void ser_flux(struct ser_flux_state *state, const int32_t log_auditory[SER_LOG_AUDITORY], int32_t flux[SER_FLUX]);

#endif
