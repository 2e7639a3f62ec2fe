#include "ser_voicing.h"

void ser_voicing(const int32_t pitch[SER_PITCH], int32_t voicing[SER_VOICING])
{
    voicing[0] = pitch[1];
}
