/** Radix-4 decimation in time, in place, on 32-bit data with 16-bit twiddles. */
#include "ser_dsp.h"
#include "ser_frontend_stages.h"

/**
 * The last half of a butterfly: x0 is there, a quarter of its value; x2 comes rotated and halved; x1 and x3 come
 * rotated and halved. `stride` counts words.
 */
static inline void combine(int32_t *x, int stride, int32_t x2r, int32_t x2i, int32_t x1r, int32_t x1i,
                           int32_t x3r, int32_t x3i)
{
    const int32_t x0r = x[0] >> 2, x0i = x[1] >> 2;
    const int32_t even_sum_r = x0r + (x2r >> 1), even_sum_i = x0i + (x2i >> 1);
    const int32_t even_turn_r = x0r - (x2r >> 1), even_turn_i = x0i - (x2i >> 1);
    const int32_t odd_sum_r = x1r + x3r, odd_sum_i = x1i + x3i;
    const int32_t odd_turn_r = x1r - x3r, odd_turn_i = x1i - x3i;
    x[0] = even_sum_r + (odd_sum_r >> 1);
    x[1] = even_sum_i + (odd_sum_i >> 1);
    x[2 * stride] = even_sum_r - (odd_sum_r >> 1);
    x[2 * stride + 1] = even_sum_i - (odd_sum_i >> 1);
    x[stride] = even_turn_r + (odd_turn_i >> 1);
    x[stride + 1] = even_turn_i - (odd_turn_r >> 1);
    x[3 * stride] = even_turn_r - (odd_turn_i >> 1);
    x[3 * stride + 1] = even_turn_i + (odd_turn_r >> 1);
}

static inline void butterfly(int32_t *x, int stride, ser_unit w1, ser_unit w2, ser_unit w3)
{
    int32_t x1r, x1i, x2r, x2i, x3r, x3i;
    ser_rotate(x[2 * stride], x[2 * stride + 1], w2, &x2r, &x2i);
    ser_rotate(x[stride], x[stride + 1], w1, &x1r, &x1i);
    ser_rotate(x[3 * stride], x[3 * stride + 1], w3, &x3r, &x3i);
    combine(x, stride, x2r, x2i, x1r, x1i, x3r, x3i);
}

/** One pass over groups of four transforms of `length` points each; twiddle 0 turns nothing. */
static inline void pass(int32_t *spectrum, int length, const uint32_t *twiddles)
{
    for (int32_t *x = spectrum; x < spectrum + 2 * SER_POINTS; x += 8 * length)
        combine(x, 2 * length, x[4 * length] >> 1, x[4 * length + 1] >> 1, x[2 * length] >> 1,
                x[2 * length + 1] >> 1, x[6 * length] >> 1, x[6 * length + 1] >> 1);
    for (int j = 1; j < length; j++) {
        const ser_unit w1 = twiddles[3 * j], w2 = twiddles[3 * j + 1], w3 = twiddles[3 * j + 2];
        for (int32_t *x = spectrum + 2 * j; x < spectrum + 2 * SER_POINTS; x += 8 * length)
            butterfly(x, 2 * length, w1, w2, w3);
    }
}

void ser_fft(int32_t spectrum[SER_FRAME_LENGTH])
{
    const uint32_t *twiddles = ser_twiddles;
    for (int length = SER_RADIX; length < SER_POINTS; length *= 4) {
        pass(spectrum, length, twiddles);
        twiddles += 3 * length;
    }
}
