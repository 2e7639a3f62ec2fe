/** Sharpness: the mean of the groups' weights, by their loudness. */
#include "ser_sharpness.h"

#include "ser_dsp.h"
#include "ser_quotient.h"

void ser_sharpness(const int32_t auditory[SER_AUDITORY], int32_t sharpness[SER_SHARPNESS])
{
    uint64_t weighted = 0;
    uint32_t sum = 0;
    for (int group = 0; group < SER_AUDITORY; group++) {
        const uint32_t loudness = (uint32_t)auditory[group];
        weighted = ser_weigh(weighted, loudness, ser_sharpness_weights[group]);
        sum += loudness;
    }
    /* Even silence, the floor of log-mel, has a loudness. */
    sharpness[0] = ser_quotient(weighted, sum);
}
