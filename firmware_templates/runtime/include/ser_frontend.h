/**
 * The front end: 16-bit PCM in, one vector of integers per utterance out.
 *
 * Samples are cut into overlapping frames; every frame gives low-level descriptors (log-mel, MFCC, chroma), and
 * functionals (mean, deviation) of each over the utterance are the features. All arithmetic is on integers, so
 * every compiler and core gives the same features. All state is in `struct ser_frontend`, whose size does not
 * depend on the length of the utterance; two of them never touch each other.
 *
 * What is computed is set by the generated `ser_frontend_config.h`.
 */
#ifndef SER_FRONTEND_H
#define SER_FRONTEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ser_frontend_config.h"

#ifdef __cplusplus
extern "C" {
#endif

/** No whole frame was heard: there are no features. */
#define SER_TOO_SHORT 1

/** Frames after which the accumulators take no more: later samples are ignored and `truncated` is set. */
#define SER_MAX_FRAMES 65535u

/** Hops in a frame. */
#define SER_HOPS (SER_FRAME_LENGTH / SER_HOP_LENGTH)

/** Words for a power of 64 bits in each bin, of which there are SER_FRAME_LENGTH / 2 + 1, and one more. */
#define SER_WORK_WORDS (SER_FRAME_LENGTH + 4)

/** The state of one utterance; begin with ser_frontend_reset(). */
struct ser_frontend {
    /** Spectrum, then power, of the frame in hand; bin k in words 2k and 2k + 1. */
    int32_t work[SER_WORK_WORDS];
    /** Descriptors of the last frame; the first SER_VALUES are counted, see ser_describe(). */
    int32_t values[SER_STORED_VALUES];
    int64_t sums[SER_VALUES];
#if SER_USE_DEVIATION
    int64_t squares[SER_VALUES];
#endif
    /** The last samples, oldest first, of which `heard` are there. */
    int16_t pcm[SER_FRAME_LENGTH];
    /** Magnitude bound of each hop in `pcm`, oldest first, see ser_peak(). */
    uint16_t peaks[SER_HOPS];
    uint16_t heard;
    bool truncated;
    /** Frames counted so far, at most SER_MAX_FRAMES. */
    uint32_t frames;
};

/** Begin a new utterance. */
void ser_frontend_reset(struct ser_frontend *frontend);

/**
 * Hear `samples` more samples. Pieces of any size give the same features as the whole at once. After
 * SER_MAX_FRAMES frames further samples are ignored and `frontend->truncated` is set.
 */
void ser_frontend_push(struct ser_frontend *frontend, const int16_t *pcm, size_t samples);

/**
 * Write the features of what was heard so far: each functional in turn (mean, deviation) of every descriptor
 * value. Their unit is 1/16 of the descriptor's own, see ser_describe(); |feature| < 2^24. The utterance may go on.
 *
 * @return 0, or SER_TOO_SHORT (features untouched) when fewer than SER_FRAME_LENGTH samples were heard.
 */
int ser_frontend_finish(const struct ser_frontend *frontend, int32_t features[SER_FEATURES]);

#ifdef __cplusplus
}
#endif

#endif
