#include "ser_delta_products.h"

void ser_count_delta_products(int64_t *products, const int16_t *delta, const struct ser_past_deltas *past, int count)
{
    for (int i = 0; i < count; i++) {
        products[i] += delta[i] * past[i].of[0];
    }
}
