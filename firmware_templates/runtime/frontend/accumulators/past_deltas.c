#include "ser_past_deltas.h"

#include "ser_dsp.h"

void ser_follow_past_deltas(struct ser_past_deltas *past, const int16_t *delta, int count)
{
    for (int i = 0; i < count; i++) {
        SER_UNROLL(4)
        for (int frame = 0; frame < SER_DELTA_LAG - 1; frame++) {
            past[i].of[frame] = past[i].of[frame + 1];
        }
        past[i].of[SER_DELTA_LAG - 1] = delta[i];
    }
}
