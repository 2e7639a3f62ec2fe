#include "ser_delta.h"

#include "ser_narrow.h"

void ser_follow_delta(int16_t *delta, const int32_t *values, const int16_t *previous, const struct ser_recent *recent,
                      int shift, int count)
{
    for (int i = 0; i < count; i++) {
        const int32_t outer = ser_narrow(values[i], shift) - recent[i].fourth;
        delta[i] = (int16_t)(2 * outer + previous[i] - recent[i].third);
    }
}
