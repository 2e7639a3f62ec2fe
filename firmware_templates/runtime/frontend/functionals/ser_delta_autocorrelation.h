/** How the delta goes with what it was SER_DELTA_LAG frames ago. */
#ifndef SER_DELTA_AUTOCORRELATION_H
#define SER_DELTA_AUTOCORRELATION_H

#include <stdint.h>

/** Sum of d[t] d[t - lag] over that of d[t]^2, within +-1: Q15, rounded towards 0. 0 where the delta is 0. */
void ser_delta_autocorrelation(const int64_t *delta_squares, const int64_t *delta_products, uint32_t frames, int count,
                               int32_t *features);

#endif
