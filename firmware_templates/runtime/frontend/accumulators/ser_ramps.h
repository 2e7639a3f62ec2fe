/** Running sums of the running sums, which have the first frame in them most often, the last once. */
#ifndef SER_RAMPS_H
#define SER_RAMPS_H

#include <stdint.h>

/** Add the sums, this frame's values included: of frames t < n, sum (n - t) x[t]. Sums below 2^35 stay below 2^51. */
void ser_count_ramps(int64_t *ramps, const int64_t *sums, int count);

#endif
