/** Each value in the first two and in the last two frames that were counted. */
#ifndef SER_BORDERS_H
#define SER_BORDERS_H

#include <stdint.h>

/** Narrow values: the sum of the first two, of which an only one counts twice, and the last two. */
struct ser_borders {
    int16_t first;
    int16_t last_but_one, last;
};

/** Take the values of counted frame number `frames` (from 0) in. */
void ser_count_borders(struct ser_borders *borders, const int32_t *values, uint32_t frames, int shift, int count);

#endif
