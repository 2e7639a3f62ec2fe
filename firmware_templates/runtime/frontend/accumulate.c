/** Running sums over the utterance, from which the functionals are made. */
#include "ser_dsp.h"
#include "ser_frontend_stages.h"

/* |value| < 2^19 and fewer than 2^16 frames: sums stay below 2^35, sums of squares below 2^54. */

void ser_accumulate(struct ser_frontend *frontend)
{
    for (int i = 0; i < SER_VALUES; i++) {
        const int32_t value = frontend->values[i];
        frontend->sums[i] += value;
#if SER_USE_DEVIATION
        frontend->squares[i] += ser_square_value(value);
#endif
    }
}
