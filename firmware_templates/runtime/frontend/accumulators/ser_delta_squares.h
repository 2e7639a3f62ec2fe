/** Running sums of the delta's square. */
#ifndef SER_DELTA_SQUARES_H
#define SER_DELTA_SQUARES_H

#include <stdint.h>

/** Add the square of the delta, |delta| <= 3 * 2^13: a square is below 2^29.2, a sum below 2^45.2. */
void ser_count_delta_squares(int64_t *squares, const int16_t *delta, int count);

#endif
