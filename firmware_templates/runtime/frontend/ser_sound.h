/** What is known of the sound itself, whatever is said in it. */
#ifndef SER_SOUND_H
#define SER_SOUND_H

#include <stdint.h>

#include "ser_frontend_config.h"

struct ser_sound {
    /** Frames that were described, whether they count or not. */
    uint32_t frames;
    /** Of those that count, the voiced ones; 0 where nothing tells them. */
    uint32_t voiced;
    /** Samples at either end of the range: up to 2^32, which are 74 hours at 16 kHz. */
    uint32_t clipped;
    /** The greatest and the least magnitude bound of a hop, see ser_peak(). */
    uint16_t loudest, quietest;
};

/** Take in a hop and its magnitude bound. Hops too quiet to be clipped are not looked at again. */
void ser_hear_hop(struct ser_sound *sound, const int16_t pcm[SER_HOP_LENGTH], uint16_t peak);

#endif
