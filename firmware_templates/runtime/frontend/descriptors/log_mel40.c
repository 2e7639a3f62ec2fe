/** As in ser_log_mel(), one weight a band serves the two triangles that it lies in. */
#include "ser_log_mel40.h"

#include "ser_exponential.h"
#include "ser_log_mel.h"
#include "ser_logarithm.h"

#define SILENCE (-32767)

/** Bits of a band's power, of its weight, and those that are kept below them where segments are added. */
#define POWER_BITS 24
#define WEIGHT_BITS 15
#define SPARE_BITS 20

/** Power between two mel points, in the triangle that rises there and in the one that falls, in 2^octave. */
struct segment {
    uint64_t rising;
    uint64_t falling;
    int32_t octave;
};

/** log2 of a band's power, Q10, less SER_LOG_MEL40_BASE. */
SER_INLINE int32_t log_of(const int32_t *log_mel, int band)
{
    return log_mel[band] - ((ser_log_mel_gains[band] + 2) >> 2);
}

/** Each segment has the scale of its largest band, so that those of weak ones are as exact. */
static void gather(const int32_t *log_mel, int from, int to, const uint16_t *weights, struct segment *segment)
{
    int32_t largest = 2 * SILENCE;
    for (int band = from; band < to; band++) {
        const int32_t log = log_of(log_mel, band);
        largest = log > largest ? log : largest;
    }
    const int32_t octave = (largest >> 10) + 1 - POWER_BITS;
    uint64_t all = 0, rising = 0;
    for (int band = from; band < to; band++) {
        const uint32_t power = ser_exp2(log_of(log_mel, band) - octave * 1024);
        all += power;
        rising = ser_weigh(rising, power, *weights++);
    }
    segment->rising = rising;
    segment->falling = (all << WEIGHT_BITS) - rising;
    segment->octave = octave;
}

SER_INLINE uint64_t in_octave(uint64_t power, int32_t from, int32_t to)
{
    const int32_t shift = to - from;
    return (power << SPARE_BITS) >> (shift < 63 ? shift : 63);
}

void ser_log_mel40(const int32_t log_mel[SER_LOG_MEL], int32_t log_mel40[SER_LOG_MEL40])
{
    int band = ser_log_mel40_lengths[0];
    const uint16_t *weights = ser_log_mel40_weights;
    struct segment last = {0, 0, 2 * SILENCE};
    for (int point = 0; point <= SER_LOG_MEL40; point++) {
        const int bands = ser_log_mel40_lengths[point + 1];
        struct segment segment;
        gather(log_mel, band, band + bands, weights, &segment);
        if (point > 0) {
            const int32_t octave = segment.octave > last.octave ? segment.octave : last.octave;
            const uint64_t energy = in_octave(last.rising, last.octave, octave)
                + in_octave(segment.falling, segment.octave, octave);
            const int32_t base = SER_LOG_MEL40_BASE + (octave - WEIGHT_BITS - SPARE_BITS) * 1024;
            const int32_t log = ((ser_log2(energy | 1) + 32) >> 6) + base;
            log_mel40[point - 1] = log < SILENCE ? SILENCE : log;
        }
        last = segment;
        band += bands;
        weights += bands;
    }
}
