#include "ser_f0.h"

void ser_f0(const int32_t pitch[SER_PITCH], int32_t f0[SER_F0])
{
    f0[0] = pitch[0] == 0 ? 0 : ((SER_F0_ONE_LAG - pitch[0]) * (12 * 64) + 16384) >> 15;
}
