/** The gate: which frames are loud enough to count. */
#ifndef SER_GATE_H
#define SER_GATE_H

#include <stdbool.h>
#include <stdint.h>

#include "ser_frontend_config.h"

/** The quietest level lately, rising 3 dB a second, and the loudest, falling as fast: octaves of power, Q18. */
struct ser_gate_state {
    int32_t floor, peak;
    /** Frames yet that count though they are quiet. */
    uint16_t hang;
    bool begun;
};

/**
 * Whether the frame counts: it, or one of the SER_GATE_HANG - 1 before it, is more than 6 dB above the floor and less
 * than 35 dB below the peak; then whether it alone is, and less than 30 dB below the peak. 1 or 0.
 *
 * A clip has no past: there the floor begins at its first level, or at -55 dB if that is less.
 *
 * @param level octaves of power, Q10, below 2^15.
 */
void ser_gate(struct ser_gate_state *state, const int32_t *level, int32_t values[SER_GATE]);

#endif
