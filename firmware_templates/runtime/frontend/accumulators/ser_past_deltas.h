/** Each value's delta in the frames before. */
#ifndef SER_PAST_DELTAS_H
#define SER_PAST_DELTAS_H

#include <stdint.h>

#include "ser_frontend_config.h"

/** The oldest first. */
struct ser_past_deltas {
    int16_t of[SER_DELTA_LAG];
};

/** Take a frame's delta in. */
void ser_follow_past_deltas(struct ser_past_deltas *past, const int16_t *delta, int count);

#endif
