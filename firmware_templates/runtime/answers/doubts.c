#include "ser_doubts.h"

#include <stdbool.h>
#include <stddef.h>

#include "ser_answer_config.h"

/** Bits of a magnitude bound of ser_peak() up to its leading one, 1 to 16: 6 dB each. */
static int bits_of(uint16_t peak)
{
    int bits = 0;

    for (; peak != 0; peak >>= 1) {
        bits++;
    }
    return bits;
}

/** Voiced frames tell a voice where something tells them; else a level that never changes tells that there is none. */
static bool nobody_speaks(const struct ser_sound *sound, uint32_t counted, uint32_t doubts)
{
#ifdef SER_VOICED_AT
    (void)doubts;
    return (uint64_t)SER_VOICED_PART * sound->voiced < counted;
#else
    (void)counted;
    /* So few hops may be of one vowel, unless they are silent. */
    const bool tells = (doubts & (SER_DOUBT_TOO_SHORT | SER_DOUBT_TOO_QUIET)) != SER_DOUBT_TOO_SHORT;
    return tells && bits_of(sound->loudest) - bits_of(sound->quietest) < SER_MOVING_BITS;
#endif
}

uint32_t ser_doubts_of_sound(const struct ser_sound *sound, uint32_t counted)
{
    const uint64_t samples = ((uint64_t)sound->frames + SER_HOPS - 1) * SER_HOP_LENGTH;
    uint32_t doubts = 0;

    if (bits_of(sound->loudest) < SER_LEAST_BITS) {
        doubts |= SER_DOUBT_TOO_QUIET;
    }
    if (counted < SER_LEAST_FRAMES) {
        doubts |= SER_DOUBT_TOO_SHORT;
    }
    if ((uint64_t)SER_CLIPPED_PART * sound->clipped > samples) {
        doubts |= SER_DOUBT_CLIPPED;
    }
    if (counted == 0 || nobody_speaks(sound, counted, doubts)) {
        doubts |= SER_DOUBT_NO_VOICE;
    }
    return doubts;
}

uint32_t ser_doubts_of_label(const int8_t input[SER_INPUTS], const int8_t probabilities[SER_CLASSES], int32_t label)
{
    const int32_t best = probabilities[label] + 128;
    uint32_t distance = 0, doubts = 0;
    int32_t second = 0;

    for (size_t i = 0; i < SER_INPUTS; i++) {
        distance += (uint32_t)(input[i] * input[i]);
    }
    for (int32_t i = 0; i < SER_CLASSES; i++) {
        if (i != label && probabilities[i] + 128 > second) {
            second = probabilities[i] + 128;
        }
    }
    if (distance > SER_FARTHEST) {
        doubts |= SER_DOUBT_UNLIKE_TRAINING;
    }
    if (best < SER_LEAST_PROBABILITY) {
        doubts |= 2 * second >= best ? SER_DOUBT_TWO_LABELS : SER_DOUBT_UNLIKELY;
    }
    return doubts;
}

enum ser_certainty ser_certainty_of(uint32_t doubts)
{
    if ((doubts & SER_DOUBT_NO_VOICE) != 0) {
        return SER_NO_VOICE;
    }
    return doubts == 0 ? SER_SURE : SER_NOT_SURE;
}
