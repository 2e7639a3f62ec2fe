#include "ser_delta_cubes.h"

#include "ser_dsp.h"

void ser_count_delta_cubes(int64_t *cubes, const int16_t *delta, int count)
{
    for (int i = 0; i < count; i++) {
        const int32_t magnitude = delta[i] < 0 ? -delta[i] : delta[i];
        const int64_t cube = (int64_t)ser_weigh(0, (uint32_t)(magnitude * magnitude), (uint32_t)magnitude);
        cubes[i] += delta[i] < 0 ? -cube : cube;
    }
}
