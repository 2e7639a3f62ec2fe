/** Each value as it was in the frames before the one before. */
#ifndef SER_RECENT_H
#define SER_RECENT_H

#include <stdint.h>

/** Narrow values two, three and four frames back. */
struct ser_recent {
    int16_t second, third, fourth;
};

/** Take the previous frame's values in, before ser_follow_previous() writes over them. */
void ser_follow_recent(struct ser_recent *recent, const int16_t *previous, int count);

#endif
