/**
 * From the transform of packed pairs of samples to the powers of the real signal's spectrum.
 *
 * Bins k and FRAME / 2 - k come out of one sum and difference, in which the strong low bins of speech have to cancel
 * where the weak high ones are: an error of the twiddle would leave a mirror image. So low bins have finer twiddles.
 */
#include "ser_dsp.h"
#include "ser_frontend_stages.h"

/** Bins k (at x) and FRAME / 2 - k (at y), from the packed transform to their powers, in place. */
SER_INLINE void split(int32_t *x, int32_t *y, ser_unit twiddle, int fine)
{
    const int32_t even_r = (x[0] + y[0]) >> 7, even_i = (x[1] - y[1]) >> 7;
    int32_t odd_r, odd_i;
    if (fine) {
        ser_rotate_little(x[1] + y[1], y[0] - x[0], twiddle, &odd_r, &odd_i);
    } else {
        ser_rotate(x[1] + y[1], y[0] - x[0], twiddle, &odd_r, &odd_i);
    }
    odd_r >>= fine ? 7 : 6;
    odd_i >>= fine ? 7 : 6;
    ser_store_words(x, ser_square(even_r + odd_r, even_i + odd_i));
    ser_store_words(y, ser_square(even_r - odd_r, even_i - odd_i));
}

#if SER_HOST

/** The upper half of the bins is turned round meanwhile, so that both halves are walked upwards. */
static void split_all(int32_t *work)
{
    int32_t mirror[SER_POINTS];
    for (int k = 1; k < SER_POINTS / 2; k++) {
        ser_copy_words(mirror + 2 * k, work + SER_FRAME_LENGTH - 2 * k);
    }
    SER_INDEPENDENT
    for (int k = 1; k < SER_FINE_TWIDDLES; k++) {
        split(work + 2 * k, mirror + 2 * k, ser_split_twiddles[k], 1);
    }
    SER_INDEPENDENT
    for (int k = SER_FINE_TWIDDLES; k < SER_POINTS / 2; k++) {
        split(work + 2 * k, mirror + 2 * k, ser_split_twiddles[k], 0);
    }
    for (int k = 1; k < SER_POINTS / 2; k++) {
        ser_copy_words(work + SER_FRAME_LENGTH - 2 * k, mirror + 2 * k);
    }
}

#else

static void split_all(int32_t *work)
{
    const uint32_t *twiddle = ser_split_twiddles + 1;
    int32_t *x = work + 2, *y = work + SER_FRAME_LENGTH - 2;
    for (; twiddle < ser_split_twiddles + SER_FINE_TWIDDLES; x += 2, y -= 2, twiddle++) {
        split(x, y, *twiddle, 1);
    }
    for (; x < y; x += 2, y -= 2, twiddle++) {
        split(x, y, *twiddle, 0);
    }
}

#endif

void ser_power(int32_t work[SER_WORK_WORDS])
{
    const int32_t even = work[0], odd = work[1];
    int32_t *const middle = work + SER_FRAME_LENGTH / 2, *const last = work + SER_FRAME_LENGTH;
    ser_store_words(work, ser_square((even + odd) >> 6, 0));
    ser_store_words(last, ser_square((even - odd) >> 6, 0));
    ser_store_words(last + 2, 0);
    ser_store_words(middle, ser_square(middle[0] >> 6, middle[1] >> 6));
    split_all(work);
}
