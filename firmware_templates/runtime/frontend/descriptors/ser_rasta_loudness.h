/** RASTA loudness: that of the groups after a filter that passes what changes as speech does. */
#ifndef SER_RASTA_LOUDNESS_H
#define SER_RASTA_LOUDNESS_H

#include "ser_frontend_config.h"

/** Of an utterance; begins as zero bytes. */
struct ser_rasta_loudness_state {
    /** Ten times the filtered log2, Q14. */
    int32_t filtered[SER_LOG_AUDITORY];
    /** Each group in the last four frames, the last first. */
    int16_t before[SER_LOG_AUDITORY][4];
    /** Whether there was a frame. */
    uint32_t heard;
};

/** @param loudness Q5 */
void ser_rasta_loudness(struct ser_rasta_loudness_state *state, const int32_t log_auditory[SER_LOG_AUDITORY],
                        int32_t loudness[SER_RASTA_LOUDNESS]);

#endif
