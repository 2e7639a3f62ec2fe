#include "ser_sound.h"

/** Magnitude bounds from here on are of hops whose loudest sample is beyond half of full scale. */
#define LOUD 0x8000u

void ser_hear_hop(struct ser_sound *sound, const int16_t pcm[SER_HOP_LENGTH], uint16_t peak)
{
    /* A bound is never 0, so this is the first hop. */
    if (sound->loudest == 0 || peak < sound->quietest) {
        sound->quietest = peak;
    }
    if (peak > sound->loudest) {
        sound->loudest = peak;
    }
    if (peak >= LOUD) {
        for (int n = 0; n < SER_HOP_LENGTH; n++) {
            sound->clipped += pcm[n] == INT16_MAX || pcm[n] <= -INT16_MAX;
        }
    }
}
