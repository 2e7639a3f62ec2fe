/** Zero crossings, two samples at a time: bits 15 and 31 are the signs, and each half counts its own. */
#include "ser_zero_crossings.h"

#include "ser_dsp.h"

void ser_zero_crossings(const int16_t pcm[SER_FRAME_LENGTH], int32_t crossings[SER_ZERO_CROSSINGS])
{
    const uint32_t *pairs = __builtin_assume_aligned(pcm, 4);
    /* Nothing is before the first sample but itself. */
    uint32_t before = (uint32_t)pcm[0] << 16, counts = 0;
    SER_UNROLL(4)
    for (int n = 0; n < SER_FRAME_LENGTH / 2; n++) {
        uint32_t pair;
        __builtin_memcpy(&pair, pairs + n, sizeof pair);
        counts += ((pair ^ ((pair << 16) | (before >> 16))) >> 15) & 0x00010001;
        before = pair;
    }
    crossings[0] = (int32_t)((counts & 0xffff) + (counts >> 16));
}
