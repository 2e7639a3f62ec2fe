/** The bands are folded once: odd rows see what is odd about the middle, even rows what is even. */
#include "ser_mfcc40.h"

#include "ser_projection.h"

#define HALF (SER_LOG_MEL40 / 2)

/** From a sum of products, which has half of the odd vector and the fourth of the even one, to Q5. */
#define ODD_SHIFT (SER_MFCC40_BITS + 10 - 5 - 1)
#define EVEN_SHIFT (ODD_SHIFT - 1)

void ser_mfcc40(const int32_t log_mel40[SER_LOG_MEL40], int32_t mfcc40[SER_MFCC40])
{
    int16_t odd[HALF], even[HALF];
    int32_t sum = 0;
    for (int band = 0; band < SER_LOG_MEL40; band++) {
        sum += log_mel40[band];
    }
    /* No row here sees the mean; without it the sums below fit 16 bits. */
    const int32_t mean = sum / SER_LOG_MEL40;
    for (int j = 0; j < HALF; j++) {
        const int32_t x = log_mel40[j] - mean, y = log_mel40[SER_LOG_MEL40 - 1 - j] - mean;
        odd[j] = (int16_t)((x - y) >> 1);
        even[j] = (int16_t)((x + y) >> 2);
    }
    int32_t coefficients[SER_MFCC40 + 1];
    const int16_t *row = ser_project(odd, HALF, ser_mfcc40_rows, 1, 2, SER_MFCC40 + 1, ODD_SHIFT, coefficients);
    ser_project(even, HALF, row, 2, 2, SER_MFCC40 + 1, EVEN_SHIFT, coefficients);
    for (int k = 0; k < SER_MFCC40; k++) {
        mfcc40[k] = coefficients[k + 1];
    }
}
