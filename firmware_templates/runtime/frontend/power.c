/** From the transform of packed pairs of samples to the powers of the real signal's spectrum. */
#include "ser_dsp.h"
#include "ser_frontend_stages.h"

static inline void store(int32_t *bin, int32_t re, int32_t im)
{
    const uint64_t power = ser_square(re, im);
    bin[0] = (int32_t)(uint32_t)power;
    bin[1] = (int32_t)(power >> 32);
}

void ser_power(int32_t work[SER_WORK_WORDS])
{
    const int32_t even = work[0], odd = work[1];
    store(work, (even + odd) >> 6, 0);
    store(work + SER_FRAME_LENGTH, (even - odd) >> 6, 0);
    work[SER_FRAME_LENGTH + 2] = work[SER_FRAME_LENGTH + 3] = 0;
    int32_t *x = work + 2, *y = work + SER_FRAME_LENGTH - 2;
    for (const uint32_t *twiddle = ser_split_twiddles + 1; x < y; x += 2, y -= 2, twiddle++) {
        const int32_t even_r = (x[0] + y[0]) >> 7, even_i = (x[1] - y[1]) >> 7;
        int32_t odd_r, odd_i;
        ser_rotate(x[1] + y[1], y[0] - x[0], *twiddle, &odd_r, &odd_i);
        store(x, even_r + (odd_r >> 6), even_i + (odd_i >> 6));
        store(y, even_r - (odd_r >> 6), even_i - (odd_i >> 6));
    }
    store(x, x[0] >> 6, x[1] >> 6);
}
