/** Running sums of the delta's cube. */
#ifndef SER_DELTA_CUBES_H
#define SER_DELTA_CUBES_H

#include <stdint.h>

/** Add the cube of the delta, |delta| <= 3 * 2^13: a cube is below 2^43.8, a sum below 2^59.8. */
void ser_count_delta_cubes(int64_t *cubes, const int16_t *delta, int count);

#endif
