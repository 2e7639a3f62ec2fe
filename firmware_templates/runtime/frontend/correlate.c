/**
 * The power is real and even, so that its transform of 256 points is one of 64 complex points: a half period, folded
 * about its middle, is a real vector of 128 whose spectrum holds the even lags as real parts and the differences of
 * neighbouring odd lags as imaginary parts.
 *
 * With P the sum of the powers, less than 2^29: the 128 folded values' magnitudes sum to at most P, and so all sums of
 * rotated points on the way stay below P, but for rounding, and sums of two of them below 2^30.
 */
#include "ser_correlate.h"

#include "ser_dsp.h"

#define POINTS 64
#define HALF (2 * POINTS)

/** Where the passes take complex point n: the index with its base-4 digits reversed. */
SER_INLINE int reversed(int n)
{
    return ((n & 3) << 4) | (n & 12) | (n >> 4);
}

SER_INLINE int32_t shifted(const uint32_t *power, int bin, int shift, uint32_t factor)
{
    return (int32_t)ser_shift_down(power[2 * bin], power[2 * bin + 1], shift, factor);
}

/**
 * Fold bins k and HALF - k, of powers x and y, to values k (`first`) and HALF - k (`second`).
 *
 * @return what both add to the product at lag 1.
 */
SER_INLINE int32_t fold(int32_t x, int32_t y, ser_unit unit, int32_t *first, int32_t *second)
{
    const int32_t mean = (x + y) >> 2, turn = ser_scale(x - y, (int32_t)unit >> 16);
    *first = mean + turn;
    *second = mean - turn;
    return ser_scale(x - y, (int16_t)unit);
}

/** The folded powers, two a complex point, in the order that the passes take. Returns the product at lag 1. */
static int32_t fold_all(const uint32_t *power, int shift, int32_t *points)
{
    const uint32_t factor = 1u << (32 - shift);
    const uint32_t *unit = ser_correlate_units + 1;
    int32_t *mirror = points + 2 * (POINTS - 1);
    points[0] = 0;
    int32_t sum = fold(0, shifted(power, HALF - 1, shift, factor), *unit++, points + 1, mirror + 1);
    for (int n = 1; n < POINTS / 2; n++) {
        int32_t *const point = points + 2 * reversed(n);
        sum += fold(shifted(power, 2 * n, shift, factor), shifted(power, HALF - 2 * n, shift, factor), *unit++,
                    point, mirror);
        mirror = points + 2 * (POINTS - 1 - reversed(n));
        sum += fold(shifted(power, 2 * n + 1, shift, factor), shifted(power, HALF - 1 - 2 * n, shift, factor),
                    *unit++, point + 1, mirror + 1);
    }
    *mirror = shifted(power, POINTS, shift, factor) >> 1;
    return sum;
}

/** The last half of a butterfly: x1, x2 and x3 come rotated, and times 1 / `scale`. `stride` counts words. */
SER_INLINE void combine(int32_t *x, int stride, int scale, int32_t x1r, int32_t x1i, int32_t x2r, int32_t x2i,
                        int32_t x3r, int32_t x3i)
{
    const int32_t even_sum_r = x[0] + x2r * scale, even_sum_i = x[1] + x2i * scale;
    const int32_t even_turn_r = x[0] - x2r * scale, even_turn_i = x[1] - x2i * scale;
    const int32_t odd_sum_r = x1r + x3r, odd_sum_i = x1i + x3i;
    const int32_t odd_turn_r = x1r - x3r, odd_turn_i = x1i - x3i;
    ser_store_point(x, even_sum_r + odd_sum_r * scale, even_sum_i + odd_sum_i * scale);
    ser_store_point(x + 2 * stride, even_sum_r - odd_sum_r * scale, even_sum_i - odd_sum_i * scale);
    ser_store_point(x + stride, even_turn_r + odd_turn_i * scale, even_turn_i - odd_turn_r * scale);
    ser_store_point(x + 3 * stride, even_turn_r - odd_turn_i * scale, even_turn_i + odd_turn_r * scale);
}

/** The butterfly that rotates nothing. */
SER_INLINE void plain_butterfly(int32_t *x, int stride)
{
    combine(x, stride, 1, x[stride], x[stride + 1], x[2 * stride], x[2 * stride + 1], x[3 * stride],
            x[3 * stride + 1]);
}

SER_INLINE void butterfly(int32_t *x, int stride, const uint32_t *units)
{
    int32_t x1r, x1i, x2r, x2i, x3r, x3i;
    ser_rotate(x[stride], x[stride + 1], units[0], &x1r, &x1i);
    ser_rotate(x[2 * stride], x[2 * stride + 1], units[1], &x2r, &x2i);
    ser_rotate(x[3 * stride], x[3 * stride + 1], units[2], &x3r, &x3i);
    combine(x, stride, 2, x1r, x1i, x2r, x2i, x3r, x3i);
}

/** One radix-4 pass over groups of four transforms of `length` points each; leaves sums, not means. */
static void pass(int32_t *points, int length)
{
    const int stride = 2 * length, step = 3 * (POINTS / 4) / length;
    const uint32_t *units = ser_correlate_twiddles;
    for (int at = 0; at < 2 * POINTS; at += 4 * stride) {
        plain_butterfly(points + at, stride);
    }
    for (int j = 1; j < length; j++) {
        units += step;
        for (int at = 2 * j; at < 2 * POINTS; at += 4 * stride) {
            butterfly(points + at, stride, units);
        }
    }
}

/** From the transform of the packed points to points 0 ... POINTS - 1 of that of the HALF folded values, in place. */
static void split_all(int32_t *points)
{
    points[0] += points[1];
    points[1] = 0;
    points[POINTS + 1] = -points[POINTS + 1];
    int32_t *x = points + 2, *y = points + 2 * (POINTS - 1);
    for (const uint32_t *unit = ser_correlate_units + 2; x < y; unit += 2, x += 2, y -= 2) {
        const int32_t even_r = (x[0] + y[0]) >> 1, even_i = (x[1] - y[1]) >> 1;
        int32_t odd_r, odd_i;
        ser_rotate(x[1] + y[1], y[0] - x[0], *unit, &odd_r, &odd_i);
        ser_store_point(x, even_r + odd_r, even_i + odd_i);
        ser_store_point(y, even_r - odd_r, odd_i - even_i);
    }
}

void ser_correlate(const uint32_t power[SER_WORK_WORDS], int shift, int32_t products[128])
{
    int32_t odd = fold_all(power, shift, products);
    pass(products, 1);
    pass(products, 4);
    pass(products, 16);
    split_all(products);
    for (int lag = 1; lag < HALF; lag += 2) {
        odd -= products[lag];
        products[lag] = odd;
    }
}
