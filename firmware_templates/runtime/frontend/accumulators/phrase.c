#include "ser_phrase.h"

#include "ser_dsp.h"

/** F0 that changes by more from frame to frame is another voice, or a wrong octave. */
#define FAR (4 * 64)

static void count_segment(struct ser_phrase *phrase, bool voiced, uint32_t frames)
{
    const bool was_voiced = phrase->f0[0] > 0;
    if (frames > 0 && voiced != was_voiced) {
        phrase->segments[was_voiced]++;
        phrase->length_squares[was_voiced] += (uint32_t)phrase->length * phrase->length;
        phrase->length = 0;
    }
    phrase->length++;
}

static void count_block(struct ser_phrase *phrase, int32_t f0)
{
    if (phrase->block_length == 0) {
        phrase->block_length = 1;
    }
    phrase->block += f0;
    if (++phrase->in_block < phrase->block_length) {
        return;
    }
    phrase->blocks[phrase->filled++] = phrase->block;
    phrase->block = 0;
    phrase->in_block = 0;
    if (phrase->filled == SER_BLOCKS) {
        for (int block = 0; block < SER_BLOCKS / 2; block++) {
            phrase->blocks[block] = phrase->blocks[2 * block] + phrase->blocks[2 * block + 1];
        }
        phrase->filled = SER_BLOCKS / 2;
        phrase->block_length = (uint16_t)(2 * phrase->block_length);
    }
}

static void count_f0(struct ser_phrase *phrase, int32_t f0, uint32_t frames)
{
    const int32_t above = f0 - SER_F0_LOWEST;
    const int32_t bin = above < 0 ? 0 : above / SER_F0_BIN;
    phrase->f0_histogram[bin < SER_F0_BINS ? bin : SER_F0_BINS - 1]++;
    phrase->f0_sum += f0;
    phrase->f0_squares += f0 * f0;
    phrase->f0_cubes += (int64_t)ser_weigh(0, (uint32_t)(f0 * f0), (uint32_t)f0);
    phrase->times += frames;
    phrase->times_squares += (int64_t)ser_weigh(0, frames, frames);
    phrase->times_f0 += (int64_t)ser_weigh(0, frames, (uint32_t)f0);
    if (f0 > phrase->highest) {
        phrase->highest = (int16_t)f0;
        phrase->highest_at = phrase->voiced;
    }
    phrase->voiced_f0[2] = phrase->voiced_f0[1];
    phrase->voiced_f0[1] = phrase->voiced_f0[0];
    phrase->voiced_f0[0] = (int16_t)f0;
    phrase->voiced++;
    count_block(phrase, f0);
}

/** Changes between neighbouring voiced frames, and how they change. */
static void count_changes(struct ser_phrase *phrase, int32_t f0)
{
    const int32_t change = f0 - phrase->f0[0], bend = change - phrase->f0[0] + phrase->f0[1];
    if (f0 == 0 || phrase->f0[0] == 0) {
        return;
    }
    if (-FAR < change && change < FAR) {
        phrase->changes++;
        if (change > 0) {
            phrase->rises++;
            phrase->rise += change;
        } else if (change < 0) {
            phrase->falls++;
            phrase->fall -= change;
        }
    }
    if (phrase->f0[1] > 0 && -FAR < bend && bend < FAR) {
        phrase->bends++;
        phrase->bend += bend < 0 ? -bend : bend;
    }
}

/** Peaks of three frames' loudness that are more than half of its mean up to there. */
static void count_syllable(struct ser_phrase *phrase, int32_t loudness, uint32_t frames)
{
    const int32_t smooth = phrase->loudness[1] + phrase->loudness[0] + loudness;
    if (frames >= 3 && phrase->smooth[0] > phrase->smooth[1] && phrase->smooth[0] >= smooth &&
        (int64_t)ser_weigh(0, 2 * (uint32_t)phrase->smooth[0], frames - 1) > phrase->loudness_sum) {
        phrase->syllables++;
    }
    phrase->loudness[1] = phrase->loudness[0];
    phrase->loudness[0] = loudness;
    if (frames >= 1) {
        phrase->smooth[1] = phrase->smooth[0];
        phrase->smooth[0] = smooth;
        phrase->loudness_sum += smooth;
    }
}

void ser_count_phrase(struct ser_phrase *phrase, const int32_t *f0, const int32_t *level, const int32_t *loudness,
                       const int32_t *gate, uint32_t frames)
{
    const bool voiced = *f0 > 0, active = gate[1] != 0;
    const int32_t bin = (*level >> 10) + SER_LEVEL_BINS;
    count_segment(phrase, voiced, frames);
    if (voiced) {
        count_f0(phrase, *f0, frames);
    }
    count_changes(phrase, *f0);
    count_syllable(phrase, *loudness, frames);
    phrase->levels[voiced] += *level;
    phrase->level_histogram[bin < 0 ? 0 : bin < SER_LEVEL_BINS ? bin : SER_LEVEL_BINS - 1]++;
    phrase->pauses = (uint16_t)(phrase->pauses + (phrase->active && !active));
    phrase->active = active;
    phrase->f0[1] = phrase->f0[0];
    phrase->f0[0] = (int16_t)*f0;
}
