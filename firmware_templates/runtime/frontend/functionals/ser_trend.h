/** How a value goes with time. */
#ifndef SER_TREND_H
#define SER_TREND_H

#include <stdint.h>

/** Pearson's correlation with the number of the counted frame: Q15, rounded towards 0. 0 where nothing varies. */
void ser_trend(const int64_t *sums, const int64_t *squares, const int64_t *ramps, uint32_t frames, int count,
               int32_t *features);

#endif
