/** Running sums of the delta's products with what it was SER_DELTA_LAG frames ago. */
#ifndef SER_DELTA_PRODUCTS_H
#define SER_DELTA_PRODUCTS_H

#include <stdint.h>

#include "ser_past_deltas.h"

/** Add d[t] d[t - lag], |d| <= 3 * 2^13: a product is below 2^29.2, a sum below 2^45.2. */
void ser_count_delta_products(int64_t *products, const int16_t *delta, const struct ser_past_deltas *past, int count);

#endif
