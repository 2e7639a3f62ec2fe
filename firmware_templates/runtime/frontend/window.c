/** Window, and the first pass of the transform, in one walk over the samples. */
#include "ser_dsp.h"
#include "ser_frontend_stages.h"

#define HALF (SER_FRAME_LENGTH / 2)
#define QUARTER (SER_FRAME_LENGTH / 4)
#define EIGHTH (SER_FRAME_LENGTH / 8)

uint16_t ser_peak(const int16_t pcm[SER_HOP_LENGTH])
{
    const uint32_t *pairs = __builtin_assume_aligned(pcm, 4);
    uint32_t changes = 1;
    SER_UNROLL(8)
    for (int n = 0; n < SER_HOP_LENGTH / 2; n++) {
        uint32_t pair;
        __builtin_memcpy(&pair, pairs + n, sizeof pair);
        changes |= pair ^ (pair << 1);
    }
    return (uint16_t)(changes | (changes >> 16));
}

int ser_gain(const uint16_t peaks[SER_HOPS])
{
    uint32_t peak = 0;
    for (int hop = 0; hop < SER_HOPS; hop++) {
        peak |= peaks[hop];
    }
    return ser_leading_zeros(peak) - 16;
}

/**
 * Sum and difference of two windowed samples half a frame apart: w a + (1 - w) b and w a - (1 - w) b, in Q16,
 * times 2^gain / 2^shift. Before that shift both fit 32 bits, since w is never 0; what overflows on the way does so
 * in unsigned numbers.
 */
SER_INLINE void window_pair(const int16_t *pcm, const uint16_t *window, int gain, int shift, int32_t *sum,
                               int32_t *difference)
{
    const uint32_t a = (uint32_t)pcm[0], b = (uint32_t)pcm[HALF];
    const uint32_t w = (uint32_t)window[0] << gain, b_one = b << (gain + 16);
    *sum = (int32_t)(w * (a - b) + b_one) >> shift;
    *difference = (int32_t)(w * (a + b) - b_one) >> shift;
}

#if SER_RADIX == 8

/** x / sqrt(2), to 20 bits: what it lacks to one has more of them than itself. */
SER_INLINE int32_t diagonal(int32_t x)
{
    return x - ser_scale(x, 19195);
}

/** Point k of the even half's transform is there; leaves points k and k + 4 of the whole. */
SER_INLINE void sum_and_difference(int32_t *point, int32_t odd_r, int32_t odd_i)
{
    const int32_t even_r = point[0], even_i = point[1];
    ser_store_point(point, even_r + odd_r, even_i + odd_i);
    ser_store_point(point + 8, even_r - odd_r, even_i - odd_i);
}

void ser_window_pass(const int16_t pcm[SER_FRAME_LENGTH], int gain, int32_t spectrum[SER_FRAME_LENGTH])
{
    for (int n = 0; n < SER_POINTS / 8; n++) {
        const int16_t *x = pcm + 2 * n;
        const uint16_t *w = ser_window + 2 * n;
        int32_t *out = spectrum + 16 * ser_reversal[n];
        {
            int32_t s0r, s0i, d0r, d0i, s2r, s2i, d2r, d2i;
            window_pair(x, w, gain, 4, &s0r, &d0r);
            window_pair(x + 1, w + 1, gain, 4, &s0i, &d0i);
            window_pair(x + QUARTER, w + QUARTER, gain, 4, &s2r, &d2r);
            window_pair(x + QUARTER + 1, w + QUARTER + 1, gain, 4, &s2i, &d2i);
            ser_store_point(out, s0r + s2r, s0i + s2i);
            ser_store_point(out + 2, d0r + d2i, d0i - d2r);
            ser_store_point(out + 4, s0r - s2r, s0i - s2i);
            ser_store_point(out + 6, d0r - d2i, d0i + d2r);
        }
        SER_KEEP_ORDER();
        int32_t s1r, s1i, d1r, d1i, s3r, s3i, d3r, d3i;
        window_pair(x + EIGHTH, w + EIGHTH, gain, 4, &s1r, &d1r);
        window_pair(x + EIGHTH + 1, w + EIGHTH + 1, gain, 4, &s1i, &d1i);
        window_pair(x + EIGHTH + QUARTER, w + EIGHTH + QUARTER, gain, 4, &s3r, &d3r);
        window_pair(x + EIGHTH + QUARTER + 1, w + EIGHTH + QUARTER + 1, gain, 4, &s3i, &d3i);
        sum_and_difference(out, s1r + s3r, s1i + s3i);
        sum_and_difference(out + 4, s1i - s3i, s3r - s1r);
        const int32_t sum_r = d1r + d3r, sum_i = d1i + d3i, turn_r = d1r - d3r, turn_i = d1i - d3i;
        sum_and_difference(out + 2, diagonal(turn_r + sum_i), diagonal(turn_i - sum_r));
        sum_and_difference(out + 6, diagonal(sum_i - turn_r), diagonal(-turn_i - sum_r));
    }
}

#else

void ser_window_pass(const int16_t pcm[SER_FRAME_LENGTH], int gain, int32_t spectrum[SER_FRAME_LENGTH])
{
    for (int n = 0; n < SER_POINTS / 4; n++) {
        const int16_t *x = pcm + 2 * n;
        const uint16_t *w = ser_window + 2 * n;
        int32_t *out = spectrum + 8 * ser_reversal[n];
        int32_t s0r, s0i, d0r, d0i, s1r, s1i, d1r, d1i;
        window_pair(x, w, gain, 3, &s0r, &d0r);
        window_pair(x + 1, w + 1, gain, 3, &s0i, &d0i);
        window_pair(x + QUARTER, w + QUARTER, gain, 3, &s1r, &d1r);
        window_pair(x + QUARTER + 1, w + QUARTER + 1, gain, 3, &s1i, &d1i);
        ser_store_point(out, s0r + s1r, s0i + s1i);
        ser_store_point(out + 2, d0r + d1i, d0i - d1r);
        ser_store_point(out + 4, s0r - s1r, s0i - s1i);
        ser_store_point(out + 6, d0r - d1i, d0i + d1r);
    }
}

#endif
