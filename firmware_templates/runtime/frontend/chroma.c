/**
 * Chroma. Weights of 16 bits would drown in rumble below the scale if powers were narrowed as they are: octave
 * gains of two or less halvings are in the weights, the rest is taken away before, as a shift for a range of bins.
 */
#include <string.h>

#include "ser_dsp.h"
#include "ser_frontend_stages.h"

/** Bits that the largest power has before it is rounded to a half word. */
#define NARROW 14

/** Bits of the largest power of bins [from, to). */
static int bits_of(const uint32_t *power, unsigned from, unsigned to)
{
    uint32_t high = 0, low = 0;
    for (unsigned bin = from; bin < to; bin++)
        high |= power[2 * bin + 1];
    if (high > 0)
        return 64 - ser_leading_zeros(high);
    for (unsigned bin = from; bin < to; bin++)
        low |= power[2 * bin];
    return 32 - ser_leading_zeros(low);
}

/** Narrow pairs of bins [from, to) to halves of one word each, in place: power / 2^shift, rounded. */
static void narrow(uint32_t *power, unsigned from, unsigned to, int shift)
{
    if (shift > 32) {
        const uint32_t half = 1u << (shift - 33);
        for (unsigned bin = from; bin < to; bin += 2) {
            const uint32_t even = (power[2 * bin + 1] + half) >> (shift - 32);
            const uint32_t odd = (power[2 * bin + 3] + half) >> (shift - 32);
            power[bin / 2] = even | (odd << 16);
        }
    } else {
        const uint64_t half = ((uint64_t)1 << shift) >> 1;
        for (unsigned bin = from; bin < to; bin += 2) {
            const uint64_t even = power[2 * bin] | ((uint64_t)power[2 * bin + 1] << 32);
            const uint64_t odd = power[2 * bin + 2] | ((uint64_t)power[2 * bin + 3] << 32);
            power[bin / 2] = (uint32_t)((even + half) >> shift) | ((uint32_t)((odd + half) >> shift) << 16);
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
    const int shift = bits > NARROW ? bits - NARROW : 0;
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
