/**
 * Chroma. Weights of 16 bits would drown in rumble below the scale if powers were narrowed as they are: octave
 * gains of two or less halvings are in the weights, the rest is taken away before, as a shift for a range of bins.
 */
#include <string.h>

#include "ser_dsp.h"
#include "ser_frontend_stages.h"

/** Bits that the largest power has before it is rounded to a half word. */
#define NARROW 14

/** Bits of the largest power of bins [from, to), both even. */
static int bits_of(const uint32_t *power, unsigned from, unsigned to)
{
    uint32_t high = 0, low = 0;
    SER_UNROLL(4)
    for (unsigned bin = from; bin < to; bin++)
        high |= power[2 * bin + 1];
    if (high > 0)
        return 64 - ser_leading_zeros(high);
    for (unsigned bin = from; bin < to; bin++)
        low |= power[2 * bin];
    return 32 - ser_leading_zeros(low);
}

/** Two powers times 2, below 2^15, as halves of one word: divided by 2 and rounded. */
SER_INLINE uint32_t pack(uint32_t even, uint32_t odd)
{
    return (((even | (odd << 16)) + 0x00010001u) >> 1) & 0x7fff7fffu;
}

/** Narrow pairs of bins [from, to) to halves of one word each, in place: power / 2^shift, shift >= 2, rounded.
 * What is written was read long before. */
static void narrow(uint32_t *power, unsigned from, unsigned to, int shift)
{
    if (shift > 32) {
        SER_INDEPENDENT
        for (unsigned bin = from; bin < to; bin += 2) {
            const uint32_t *pair = power + 2 * bin;
            power[bin / 2] = pack(pair[1] >> (shift - 33), pair[3] >> (shift - 33));
        }
    } else {
        const uint32_t factor = 1u << (33 - shift);
        SER_INDEPENDENT
        for (unsigned bin = from; bin < to; bin += 2) {
            const uint32_t *pair = power + 2 * bin;
            power[bin / 2] = pack(ser_shift_down(pair[0], pair[1], shift - 1, factor),
                                  ser_shift_down(pair[2], pair[3], shift - 1, factor));
        }
    }
}

void ser_chroma(uint32_t power[SER_WORK_WORDS], int32_t chroma[SER_CHROMA])
{
    int bits = 0;
    unsigned from = 0;
    for (const struct ser_chroma_range *range = ser_chroma_ranges; from <= SER_BINS; range++) {
        const int gained = bits_of(power, from, range->end) - range->shift;
        bits = gained > bits ? gained : bits;
        from = range->end;
    }
    const int shift = bits > NARROW + 2 ? bits - NARROW : 2;
    from = 0;
    for (const struct ser_chroma_range *range = ser_chroma_ranges; from <= SER_BINS; range++) {
        narrow(power, from, range->end, shift + range->shift);
        from = range->end;
    }

    const uint32_t *weights = ser_chroma_weights;
    const uint16_t *run = ser_chroma_runs;
    uint32_t sums[SER_CHROMA], largest = 0;
    for (int class = 0; class < SER_CHROMA; class++) {
        uint32_t sum = 0;
        for (; run[1] > 0; run += 2) {
            const uint32_t *pair = power + run[0];
            SER_UNROLL(4)
            for (unsigned pairs = run[1]; pairs > 0; pairs--)
                sum = ser_dot_halves(*pair++, *weights++, sum);
        }
        run += 2;
        sums[class] = sum;
        largest = sum > largest ? sum : largest;
    }
    if (largest == 0) {
        memset(chroma, 0, SER_CHROMA * sizeof chroma[0]);
        return;
    }
    const int zeros = ser_leading_zeros(largest);
    const uint32_t reciprocal = 0x80000000u / ((largest << zeros) >> 16);
    for (int class = 0; class < SER_CHROMA; class++)
        chroma[class] = (int32_t)((((sums[class] << zeros) >> 16) * reciprocal) >> 16);
}
