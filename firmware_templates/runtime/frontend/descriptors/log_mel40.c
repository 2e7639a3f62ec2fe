/** As in ser_log_mel(), one weight a band serves the two triangles that it lies in. */
#include "ser_log_mel40.h"

#include "ser_exponential.h"
#include "ser_log_mel.h"
#include "ser_logarithm.h"

#define SILENCE (-32767)

/** Bits of a band's power and of its weight: sums over the bands of a segment, at most 15, have 31. */
#define POWER_BITS 15
#define WEIGHT_BITS 12

/** Power between two mel points, in the triangle that rises there and in the one that falls, in 2^octave. */
struct segment {
    uint32_t rising;
    uint32_t falling;
    int32_t octave;
};

/** log2 of a band's power, Q10, less SER_LOG_MEL40_BASE. */
SER_INLINE int32_t log_of(const int32_t *log_mel, const uint16_t *gain)
{
    return *log_mel - ((*gain + 2) >> 2);
}

/** Each segment has the scale of its largest band, so that those of weak ones are as exact. */
SER_INLINE struct segment gather(const int32_t *log_mel, const uint16_t *gain, const uint16_t *weight, int bands)
{
    int32_t largest = 2 * SILENCE;
    for (int band = 0; band < bands; band++) {
        const int32_t log = log_of(log_mel + band, gain + band);
        largest = log > largest ? log : largest;
    }
    const int32_t octave = (largest >> 10) + 1 - POWER_BITS;
    uint32_t all = 0, rising = 0;
    for (int band = 0; band < bands; band++) {
        const uint32_t power = ser_exp2(log_of(log_mel + band, gain + band) - octave * 1024);
        all += power;
        rising += power * weight[band];
    }
    const struct segment segment = {rising, (all << WEIGHT_BITS) - rising, octave};
    return segment;
}

SER_INLINE uint32_t shift_down(uint32_t power, int32_t shift)
{
    return shift < 32 ? power >> shift : 0;
}

void ser_log_mel40(const int32_t log_mel[SER_LOG_MEL], int32_t log_mel40[SER_LOG_MEL40])
{
    int band = ser_log_mel40_lengths[0];
    const uint16_t *weights = ser_log_mel40_weights;
    struct segment last = {0, 0, 2 * SILENCE};
    for (int point = 0; point <= SER_LOG_MEL40; point++) {
        const int bands = ser_log_mel40_lengths[point + 1];
        const struct segment segment = gather(log_mel + band, ser_log_mel_gains + band, weights, bands);
        if (point > 0) {
            const int32_t above = segment.octave - last.octave;
            const uint32_t rising = above > 0 ? shift_down(last.rising, above) : last.rising;
            const uint32_t falling = above > 0 ? segment.falling : shift_down(segment.falling, -above);
            const int32_t octave = above > 0 ? segment.octave : last.octave;
            const int32_t log = (ser_log2((rising + falling) | 1) + 32) >> 6;
            const int32_t merged = log + SER_LOG_MEL40_BASE + (octave - WEIGHT_BITS) * 1024;
            log_mel40[point - 1] = merged < SILENCE ? SILENCE : merged;
        }
        last = segment;
        band += bands;
        weights += bands;
    }
}
