/** Each value as it was in the frame before. */
#ifndef SER_PREVIOUS_H
#define SER_PREVIOUS_H

#include <stdint.h>

/** Remember a frame's values, see ser_narrow(). */
void ser_follow_previous(int16_t *previous, const int32_t *values, int shift, int count);

#endif
