/**
 * RASTA loudness. The filter is 0.1 (2 + z^-1 - z^-3 - 2 z^-4) / (1 - pole z^-1); its 0.1 waits for the end.
 */
#include "ser_rasta_loudness.h"

#include "ser_auditory_weights.h"
#include "ser_dsp.h"
#include "ser_exponential.h"

/** Ten nepers, at which the filtered is cut, in the unit of `filtered`. */
#define CUT 2363726

/** From there to Q10 of log2 of loudness: 0.1 * 0.33 / 2^4, times 2^22. */
#define EXPONENT 8651

void ser_rasta_loudness(struct ser_rasta_loudness_state *state, const int32_t log_auditory[SER_LOG_AUDITORY],
                        int32_t loudness[SER_RASTA_LOUDNESS])
{
    uint32_t sum = 1 << 14;
    for (int group = 0; group < SER_LOG_AUDITORY; group++) {
        int16_t *const before = state->before[group];
        const int16_t now = (int16_t)log_auditory[group];
        if (!state->heard) {
            before[0] = before[1] = before[2] = before[3] = now;
        }
        const int32_t change = 2 * (now - before[3]) + before[0] - before[2];
        before[3] = before[2];
        before[2] = before[1];
        before[1] = before[0];
        before[0] = now;
        int32_t filtered = state->filtered[group];
        filtered += change * 16 - 2 * ser_scale(filtered, SER_RASTA_LOUDNESS_LEAK);
        state->filtered[group] = filtered;
        const int32_t cut = filtered > CUT ? CUT : filtered < -CUT ? -CUT : filtered;
        sum += ser_exp2((ser_scale(cut * 64, EXPONENT) >> 12) + ser_auditory_weights[group]);
    }
    state->heard = 1;
    loudness[0] = (int32_t)(sum >> 15);
}
