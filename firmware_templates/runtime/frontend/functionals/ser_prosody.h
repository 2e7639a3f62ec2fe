/** Melody, segments, pauses and syllables of an utterance. */
#ifndef SER_PROSODY_H
#define SER_PROSODY_H

#include <stdint.h>

#include "ser_frontend_config.h"
#include "ser_phrase.h"

/** How many features there are. */
#define SER_PROSODY_FEATURES 32

/** Fewer voiced frames than this have no melody: those features are 0. */
#define SER_PROSODY_VOICED 4

/**
 * In this order, F0 in 1/16 of its unit (1/1024 semitone), levels in 1/16 of theirs, lengths in 1/16 frame:
 *
 *  0 F0's mean, deviation, percentiles 5, 20, 50, 80, 95, the 95th less the 5th, skewness (Q15)
 *  9 slope over half the utterance, deviation from that line, mean change between frames, mean rise, mean fall
 * 14 share of rises (Q15), mean of the first third, of the last, and of the last three frames, less the mean
 * 18 where the highest is (Q15), mean change of the change, mean level of voiced frames, of unvoiced
 * 22 share of voiced frames (Q15), voiced segments a second (Q15), mean and deviation of their lengths, of unvoiced
 * 28 log2 of the frames (Q15), share of frames within 30 dB of the 99th percentile, pauses, syllables a second (Q15)
 *
 * @param frames counted frames, at least 1.
 */
void ser_prosody(const struct ser_phrase *phrase, uint32_t frames, int count, int32_t *features);

#endif
