/** Running sums. */
#ifndef SER_SUMS_H
#define SER_SUMS_H

#include <stdint.h>

/** Add `count` values of a frame to their sums. */
void ser_count_sums(int64_t *sums, const int32_t *values, int count);

#endif
