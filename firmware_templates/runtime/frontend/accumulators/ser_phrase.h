/** What the melody, the segments, pauses and syllables of an utterance are told from. */
#ifndef SER_PHRASE_H
#define SER_PHRASE_H

#include <stdbool.h>
#include <stdint.h>

/** Bins of 1.25 semitones from 12 semitones on, and of an octave of power (3 dB) up to full scale. */
#define SER_F0_BINS 32
#define SER_F0_BIN 80
#define SER_F0_LOWEST (12 * 64)
#define SER_LEVEL_BINS 32

/** Equally long blocks of voiced frames; when there are this many, neighbours merge. */
#define SER_BLOCKS 12

/** Counted frames only, at most 65,535. F0 is below 2^13, the level below 2^15, loudness from 0 to below 2^15. */
struct ser_phrase {
    /** Of voiced frames: F0 (below 2^29, squares 2^42, cubes 2^55), their numbers, and numbers times F0 (2^45). */
    int64_t f0_squares, f0_cubes, times_squares, times_f0;
    int64_t loudness_sum;
    int32_t f0_sum;
    uint32_t times;
    int32_t blocks[SER_BLOCKS];
    int32_t block;
    int32_t rise, fall, bend;
    /** Levels of unvoiced, then of voiced frames; squared lengths of their segments, below 2^32 in all. */
    int32_t levels[2];
    uint32_t length_squares[2];
    /** Loudness of the last two frames, and sums of three up to the last frame and the one before. */
    int32_t loudness[2], smooth[2];
    uint16_t f0_histogram[SER_F0_BINS], level_histogram[SER_LEVEL_BINS];
    uint16_t voiced;
    uint16_t block_length, filled, in_block;
    /** F0 of the last two frames, the last first, and of the last three that were voiced. */
    int16_t f0[2], voiced_f0[3];
    int16_t highest;
    uint16_t highest_at;
    uint16_t rises, falls, changes, bends;
    uint16_t segments[2];
    uint16_t length;
    uint16_t pauses, syllables;
    bool active;
};

/**
 * Count a frame.
 *
 * @param f0 semitones above 27.5 Hz in Q6, 0 where nothing is voiced.
 * @param level, loudness as the descriptors of these names.
 * @param gate as the descriptor of this name; its second value ends where a pause begins.
 * @param frames frames counted before.
 */
void ser_count_phrase(struct ser_phrase *phrase, const int32_t *f0, const int32_t *level, const int32_t *loudness,
                       const int32_t *gate, uint32_t frames);

#endif
