/** Running sums of squares. */
#ifndef SER_SQUARES_H
#define SER_SQUARES_H

#include <stdint.h>

/** Add the squares of `count` values of a frame, |value| <= 2^19, to their sums. */
void ser_count_squares(int64_t *squares, const int32_t *values, int count);

#endif
