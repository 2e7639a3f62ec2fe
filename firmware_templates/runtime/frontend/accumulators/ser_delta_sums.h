/** Running sums of the delta. */
#ifndef SER_DELTA_SUMS_H
#define SER_DELTA_SUMS_H

#include <stdint.h>

/** Add the delta, |delta| <= 3 * 2^13: 65,535 of them stay below 2^31. */
void ser_count_delta_sums(int32_t *sums, const int16_t *delta, int count);

#endif
