/** Running sums of values and of their squares, weighted by the frame's loudness. */
#ifndef SER_WEIGHTED_H
#define SER_WEIGHTED_H

#include <stdint.h>

/** Of narrow values: |sum| < 2^43, squares < 2^55. */
struct ser_weighted {
    int64_t sum;
    uint64_t squares;
};

/** Add w x and w x^2; 0 <= *loudness < 2^15. */
void ser_count_weighted(struct ser_weighted *weighted, const int32_t *values, const int32_t *loudness, int shift,
                        int count);

#endif
