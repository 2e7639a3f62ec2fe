/** The period of the voice, from the autocorrelation of a frame's lower bins. */
#ifndef SER_PITCH_H
#define SER_PITCH_H

#include <stdint.h>

#include "ser_frontend_config.h"

/** What a frame's pitch owes to earlier frames; zero at the start of an utterance. */
struct ser_pitch_state {
    /** The loudest level so far, falling 3 dB a second: log2 of a power, Q16. */
    int32_t peak;
    /** log2 of the last frame's period, Q16; 0 where it was unvoiced. */
    int32_t period;
};

/** Autocorrelation at lag 0 over the window's own at lags SER_PITCH_SHORTEST - 1 ... SER_PITCH_LONGEST + 1, Q13. */
extern const int16_t ser_pitch_window[];

/**
 * @param gain  as given to ser_window_pass()
 * @param pitch Q15: log2 of the period in 256ths of a frame, 0 where unvoiced; and the autocorrelation at the best
 *              period, voiced or not, 0 ... 32767
 */
void ser_pitch(struct ser_pitch_state *state, const uint32_t power[SER_WORK_WORDS], int gain, int32_t pitch[SER_PITCH]);

#endif
