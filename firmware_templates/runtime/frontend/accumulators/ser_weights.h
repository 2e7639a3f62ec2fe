/** The running sum of the frames' loudness. */
#ifndef SER_WEIGHTS_H
#define SER_WEIGHTS_H

#include <stdint.h>

/** Add a frame's loudness, 0 <= *loudness < 2^15: 65,535 of them stay below 2^31. */
void ser_count_weights(uint32_t *weights, const int32_t *loudness);

#endif
