/**
 * DCT-II by folding: rows that are odd multiples of 2^f see, after f foldings, a vector of 2^f times fewer bands
 * that is odd about its middle, so that half of it is enough.
 */
#include "ser_mfcc.h"

#include "ser_projection.h"

void ser_mfcc(const int32_t log_mel[SER_LOG_MEL], int32_t mfcc[SER_MFCC])
{
    int16_t odd[SER_LOG_MEL / 2], even[SER_LOG_MEL / 2];
    int32_t sum = 0;
    for (int band = 0; band < SER_LOG_MEL; band++) {
        sum += log_mel[band];
    }
    mfcc[0] = (int32_t)(((int64_t)sum * SER_MFCC_MEAN) >> 32);

    /* Only the first row sees the mean; without it the sums below fit 16 bits. */
    const int32_t mean = sum / SER_LOG_MEL;
    int half = SER_LOG_MEL / 2;
    for (int j = 0; j < half; j++) {
        const int32_t x = log_mel[j] - mean, y = log_mel[SER_LOG_MEL - 1 - j] - mean;
        odd[j] = (int16_t)((x - y) >> 1);
        even[j] = (int16_t)((x + y) >> 2);
    }
    const int16_t *row = ser_project(odd, half, ser_mfcc_rows, 1, 2, SER_MFCC, SER_MFCC_BITS + 1, mfcc);
    int step = 2;
    for (int fold = 1; fold < SER_MFCC_FOLDS; fold++) {
        half /= 2;
        for (int j = 0; j < half; j++) {
            const int32_t x = even[j], y = even[2 * half - 1 - j];
            odd[j] = (int16_t)(x - y);
            even[j] = (int16_t)((x + y) >> 1);
        }
        row = ser_project(odd, half, row, step, 2 * step, SER_MFCC, SER_MFCC_BITS + 1 - fold, mfcc);
        step *= 2;
    }
    ser_project(even, half, row, step, step, SER_MFCC, SER_MFCC_BITS + 1 - SER_MFCC_FOLDS, mfcc);
}
