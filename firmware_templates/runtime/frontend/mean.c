/** Functional: the mean. */
#include "ser_divide.h"
#include "ser_frontend_stages.h"

void ser_means(const struct ser_frontend *frontend, int32_t means[SER_VALUES])
{
    const int64_t frames = frontend->frames;
    for (int i = 0; i < SER_VALUES; i++)
        means[i] = (int32_t)ser_floor_divide(frontend->sums[i] * 16 + frames / 2, frames);
}
