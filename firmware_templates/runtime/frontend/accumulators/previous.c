#include "ser_previous.h"

#include "ser_narrow.h"

void ser_follow_previous(int16_t *previous, const int32_t *values, int shift, int count)
{
    for (int i = 0; i < count; i++) {
        previous[i] = (int16_t)ser_narrow(values[i], shift);
    }
}
