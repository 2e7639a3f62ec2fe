#include "ser_weights.h"

void ser_count_weights(uint32_t *weights, const int32_t *loudness)
{
    *weights += (uint32_t)*loudness;
}
