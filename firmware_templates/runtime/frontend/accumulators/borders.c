#include "ser_borders.h"

#include "ser_narrow.h"

void ser_count_borders(struct ser_borders *borders, const int32_t *values, uint32_t frames, int shift, int count)
{
    for (int i = 0; i < count; i++) {
        const int16_t value = (int16_t)ser_narrow(values[i], shift);
        if (frames == 0) {
            borders[i].last = value;
        }
        if (frames <= 1) {
            borders[i].first = (int16_t)(borders[i].last + value);
        }
        borders[i].last_but_one = borders[i].last;
        borders[i].last = value;
    }
}
