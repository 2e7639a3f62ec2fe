#include "ser_gate.h"

void ser_gate(struct ser_gate_state *state, const int32_t *level, int32_t values[SER_GATE])
{
    const int32_t now = *level * 256;
    if (!state->begun) {
        state->begun = true;
        state->floor = SER_GATE_FIRST_FLOOR;
        state->peak = now;
    }
    state->floor = now < state->floor + SER_GATE_DRIFT ? now : state->floor + SER_GATE_DRIFT;
    state->peak = now > state->peak - SER_GATE_DRIFT ? now : state->peak - SER_GATE_DRIFT;

    const bool risen = now > state->floor + SER_GATE_ABOVE_FLOOR;
    if (risen && now > state->peak - SER_GATE_BELOW_PEAK) {
        state->hang = SER_GATE_HANG;
    }
    values[0] = state->hang > 0;
    values[1] = risen && now > state->peak - SER_GATE_SPEECH_BELOW_PEAK;
    if (state->hang > 0) {
        state->hang--;
    }
}
