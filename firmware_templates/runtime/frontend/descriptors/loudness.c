/** Loudness: the sum of the auditory spectrum. */
#include "ser_loudness.h"

void ser_loudness(const int32_t auditory[SER_AUDITORY], int32_t loudness[SER_LOUDNESS])
{
    int32_t sum = 1 << 11;
    for (int group = 0; group < SER_AUDITORY; group++) {
        sum += auditory[group];
    }
    loudness[0] = sum >> 12;
}
