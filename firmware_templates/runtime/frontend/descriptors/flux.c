/** Flux: how much the groups change from frame to frame. */
#include "ser_flux.h"

void ser_flux(struct ser_flux_state *state, const int32_t log_auditory[SER_LOG_AUDITORY], int32_t flux[SER_FLUX])
{
    int32_t sum = 0;
    for (int group = 0; group < SER_LOG_AUDITORY; group++) {
        const int16_t now = (int16_t)log_auditory[group];
        const int32_t change = now - state->before[group];
        sum += change < 0 ? -change : change;
        state->before[group] = now;
    }
    flux[0] = state->heard ? (sum + 32) >> 6 : 0;
    state->heard = 1;
}
