/**
 * The front end: 16-bit PCM in, one vector of integers per utterance out.
 *
 * Samples are cut into overlapping frames; every frame gives low-level descriptors, and functionals of each over
 * the utterance are the features. All arithmetic is on integers, so every compiler and core gives the same
 * features. All state is in `struct ser_frontend`, whose size does not depend on the length of the utterance; two
 * of them never touch each other.
 *
 * What is computed is rendered: ser_frontend_config.h, ser_frontend_state.h, ser_frontend_calls.c.
 */
#ifndef SER_FRONTEND_H
#define SER_FRONTEND_H

#include <stddef.h>
#include <stdint.h>

#include "ser_frontend_state.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Begin a new utterance. */
void ser_frontend_reset(struct ser_frontend *frontend);

/**
 * Hear `samples` more samples. Pieces of any size give the same features as the whole at once. After
 * SER_MAX_FRAMES frames further samples are ignored and `frontend->truncated` is set.
 */
void ser_frontend_push(struct ser_frontend *frontend, const int16_t *pcm, size_t samples);

/**
 * Write the features of what was heard so far: each functional in turn, of every descriptor that has it;
 * |feature| < 2^24. The utterance may go on.
 *
 * @return 0, or SER_TOO_SHORT (features untouched) when no frame was counted, as of fewer than SER_FRAME_LENGTH
 *         samples.
 */
int ser_frontend_finish(const struct ser_frontend *frontend, int32_t features[SER_FEATURES]);

#ifdef __cplusplus
}
#endif

#endif
