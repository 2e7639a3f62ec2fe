/**
 * Radix-4 decimation in time, in place, on 32-bit data with 16-bit twiddles.
 *
 * The first pass has only a few twiddles, so that what they lose to rounding does not average out. All of its legs
 * are therefore scaled by a gain for which its twiddles happen to be close to multiples of 2^-15; the logarithm's
 * constant takes the gain back.
 */
#include "ser_dsp.h"
#include "ser_frontend_stages.h"

/**
 * The last half of a butterfly: x0 comes as a quarter of its value, x1, x2 and x3 rotated and halved. `stride`
 * counts words.
 */
SER_INLINE void combine(int32_t *x, int stride, int32_t x0r, int32_t x0i, int32_t x2r, int32_t x2i,
                        int32_t x1r, int32_t x1i, int32_t x3r, int32_t x3i)
{
    const int32_t even_sum_r = x0r + (x2r >> 1), even_sum_i = x0i + (x2i >> 1);
    const int32_t even_turn_r = x0r - (x2r >> 1), even_turn_i = x0i - (x2i >> 1);
    const int32_t odd_sum_r = x1r + x3r, odd_sum_i = x1i + x3i;
    const int32_t odd_turn_r = x1r - x3r, odd_turn_i = x1i - x3i;
    ser_store_point(x, even_sum_r + (odd_sum_r >> 1), even_sum_i + (odd_sum_i >> 1));
    ser_store_point(x + 2 * stride, even_sum_r - (odd_sum_r >> 1), even_sum_i - (odd_sum_i >> 1));
    ser_store_point(x + stride, even_turn_r + (odd_turn_i >> 1), even_turn_i - (odd_turn_r >> 1));
    ser_store_point(x + 3 * stride, even_turn_r - (odd_turn_i >> 1), even_turn_i + (odd_turn_r >> 1));
}

/** Half of x times the pass's gain, Q15; a gain of 0 stands for one. */
SER_INLINE int32_t halve(int32_t x, int32_t gain)
{
    return gain == 0 ? x >> 1 : ser_scale(x, gain);
}

SER_INLINE void butterfly(int32_t *x, int stride, int32_t gain, ser_unit w1, ser_unit w2, ser_unit w3)
{
    int32_t x1r, x1i, x2r, x2i, x3r, x3i;
    ser_rotate(x[2 * stride], x[2 * stride + 1], w2, &x2r, &x2i);
    ser_rotate(x[stride], x[stride + 1], w1, &x1r, &x1i);
    ser_rotate(x[3 * stride], x[3 * stride + 1], w3, &x3r, &x3i);
    combine(x, stride, halve(x[0], gain) >> 1, halve(x[1], gain) >> 1, x2r, x2i, x1r, x1i, x3r, x3i);
}

/** The butterfly that rotates nothing. */
SER_INLINE void plain_butterfly(int32_t *x, int stride, int32_t gain)
{
    combine(x, stride, halve(x[0], gain) >> 1, halve(x[1], gain) >> 1, halve(x[2 * stride], gain),
            halve(x[2 * stride + 1], gain), halve(x[stride], gain), halve(x[stride + 1], gain),
            halve(x[3 * stride], gain), halve(x[3 * stride + 1], gain));
}

#if SER_HOST

/**
 * One pass over groups of four transforms of `length` points each, for compilers that make vectors of loops: each
 * group at once. The first butterfly of a group differs, so it is kept aside meanwhile.
 */
SER_INLINE void pass(int32_t *spectrum, int length, int32_t gain, const uint32_t *twiddles)
{
    const int stride = 2 * length;
    for (int32_t *x = spectrum; x < spectrum + 2 * SER_POINTS; x += 4 * stride) {
        int32_t first[8];
        for (int leg = 0; leg < 4; leg++) {
            first[2 * leg] = x[leg * stride];
            first[2 * leg + 1] = x[leg * stride + 1];
        }
        plain_butterfly(first, 2, gain);
        SER_INDEPENDENT
        for (int j = 0; j < length; j++) {
            butterfly(x + 2 * j, stride, gain, twiddles[3 * j], twiddles[3 * j + 1], twiddles[3 * j + 2]);
        }
        for (int leg = 0; leg < 4; leg++) {
            x[leg * stride] = first[2 * leg];
            x[leg * stride + 1] = first[2 * leg + 1];
        }
    }
}

#else

/**
 * One pass over groups of four transforms of `length` points each: all groups' butterflies that share twiddles,
 * then those with the next.
 */
SER_INLINE void pass(int32_t *spectrum, int length, int32_t gain, const uint32_t *twiddles)
{
    const int stride = 2 * length;
    for (int at = 0; at < 2 * SER_POINTS; at += 4 * stride) {
        plain_butterfly(spectrum + at, stride, gain);
    }
    for (int j = 1; j < length; j++) {
        const ser_unit w1 = twiddles[3 * j], w2 = twiddles[3 * j + 1], w3 = twiddles[3 * j + 2];
        for (int at = 2 * j; at < 2 * SER_POINTS; at += 4 * stride) {
            butterfly(spectrum + at, stride, gain, w1, w2, w3);
        }
    }
}

#endif

/** A function each, so that every length is a constant in the code. */
static void pass_1(int32_t *spectrum)
{
    pass(spectrum, SER_RADIX, SER_FFT_GAIN, ser_twiddles);
}

static void pass_2(int32_t *spectrum)
{
    pass(spectrum, 4 * SER_RADIX, 0, ser_twiddles + 3 * SER_RADIX);
}

#if SER_PASSES > 2
static void pass_3(int32_t *spectrum)
{
    pass(spectrum, 16 * SER_RADIX, 0, ser_twiddles + 15 * SER_RADIX);
}
#endif

#if SER_PASSES > 3
static void pass_4(int32_t *spectrum)
{
    pass(spectrum, 64 * SER_RADIX, 0, ser_twiddles + 63 * SER_RADIX);
}
#endif

void ser_fft(int32_t spectrum[SER_FRAME_LENGTH])
{
    pass_1(spectrum);
    pass_2(spectrum);
#if SER_PASSES > 2
    pass_3(spectrum);
#endif
#if SER_PASSES > 3
    pass_4(spectrum);
#endif
}
