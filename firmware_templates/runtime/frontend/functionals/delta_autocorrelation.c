#include "ser_delta_autocorrelation.h"

#include "ser_magnitude.h"

void ser_delta_autocorrelation(const int64_t *delta_squares, const int64_t *delta_products, uint32_t frames, int count,
                               int32_t *features)
{
    (void)frames;
    for (int i = 0; i < count; i++) {
        features[i] = 0;
        if (delta_squares[i] > 0) {
            const struct ser_magnitude all = ser_magnitude_from((uint64_t)delta_squares[i]);
            const int32_t ratio = ser_fixed(ser_over(ser_magnitude_of(delta_products[i]), all), 15);
            const int32_t part = ratio > 32768 ? 32768 : ratio;
            features[i] = delta_products[i] < 0 ? -part : part;
        }
    }
}
