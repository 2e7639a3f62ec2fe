/** How far a value's ends lie above its mean, against how much it moves. */
#ifndef SER_ENDS_H
#define SER_ENDS_H

#include <stdint.h>

#include "ser_borders.h"

/**
 * (mean of the first two + mean of the last two - twice the mean) / (frames * deviation of the slope a frame): Q15,
 * rounded towards 0, within +-SER_LARGEST. 0 where the slope never changes.
 *
 * @param shift that of borders and delta, see ser_narrow().
 */
void ser_ends(const int64_t *sums, const int32_t *delta_sums, const int64_t *delta_squares,
              const struct ser_borders *borders, int shift, uint32_t frames, int count, int32_t *features);

#endif
