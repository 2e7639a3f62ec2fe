/**
 * Chroma. A frame's powers are brought to 25 bits, and low bins, whose octave gain is next to nothing, first lose
 * what they must not matter by: rumble below the scale would else leave the rest few bits.
 */
#include "ser_chroma.h"

#include "ser_dsp.h"

/** Bits of the largest power after narrow(). */
#define NARROW 25

/** Pairs of bins that are weighted at once; small cores have no registers for more than one. */
#define PAIRS (SER_SMALL_CORE ? 1 : 4)

/** Bits of the largest power of bins [from, to), at least 1. */
static int bits_of(const uint32_t *power, unsigned from, unsigned to)
{
    uint32_t high = 0, low = 1;
    SER_UNROLL(4)
    for (unsigned bin = from; bin < to; bin++) {
        high |= power[2 * bin + 1];
    }
    if (high > 0) {
        return 64 - ser_leading_zeros(high);
    }
    for (unsigned bin = from; bin < to; bin++) {
        low |= power[2 * bin];
    }
    return 32 - ser_leading_zeros(low);
}

/** Narrow bins [from, to) to one word each, in place: power / 2^shift. What is written was read long before. */
static void narrow(uint32_t *power, unsigned from, unsigned to, int shift)
{
    const uint32_t factor = 1u << (32 - shift);
    SER_INDEPENDENT
    SER_UNROLL(4)
    for (unsigned bin = from; bin < to; bin++) {
        power[bin] = ser_shift_down(power[2 * bin], power[2 * bin + 1], shift, factor);
    }
}

void ser_chroma(uint32_t power[SER_WORK_WORDS], int32_t chroma[SER_CHROMA])
{
    int bits = 0;
    unsigned from = 0;
    for (const uint16_t *range = ser_chroma_ranges; from <= SER_BINS; range += 2) {
        const int gained = bits_of(power, from, range[0]) - range[1];
        bits = gained > bits ? gained : bits;
        from = range[0];
    }
    const int shift = bits > NARROW ? bits - NARROW : 1;
    from = 0;
    for (const uint16_t *range = ser_chroma_ranges; from <= SER_BINS; range += 2) {
        narrow(power, from, range[0], shift + range[1]);
        from = range[0];
    }

    const uint32_t *weights = ser_chroma_weights;
    const uint16_t *run = ser_chroma_runs;
    int32_t sums[SER_CHROMA];
    uint32_t largest = 0;
    for (int class = 0; class < SER_CHROMA; class++) {
        int32_t sum = 0;
        for (; run[1] > 0; run += 2) {
            const int32_t *bin = (const int32_t *)power + run[0];
            SER_UNROLL(PAIRS)
            for (unsigned pairs = run[1]; pairs > 0; pairs--, bin += 2, weights++) {
                sum = ser_scale_pair(bin[0], bin[1], *weights, sum);
            }
        }
        run += 2;
        sums[class] = sum;
        largest |= (uint32_t)sum;
    }
    if (largest == 0) {
        for (int class = 0; class < SER_CHROMA; class++) {
            chroma[class] = 0;
        }
        return;
    }
    const int zeros = ser_leading_zeros(largest);
    largest = 0;
    for (int class = 0; class < SER_CHROMA; class++) {
        chroma[class] = (int32_t)(((uint32_t)sums[class] << zeros) >> 16);
        largest = (uint32_t)chroma[class] > largest ? (uint32_t)chroma[class] : largest;
    }
    const uint32_t reciprocal = 0x80000000u / largest;
    for (int class = 0; class < SER_CHROMA; class++) {
        chroma[class] = (int32_t)(((uint32_t)chroma[class] * reciprocal) >> 16);
    }
}
