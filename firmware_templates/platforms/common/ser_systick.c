#include "ser_systick.h"

#include "ser_register.h"

#define SYST_CSR SER_REGISTER(0xE000E010u)
#define SYST_RVR SER_REGISTER(0xE000E014u)
#define SYST_CVR SER_REGISTER(0xE000E018u)

static uint32_t ticks_per_millisecond, last, ticks, milliseconds;

void ser_systick_init(uint32_t hertz)
{
    ticks_per_millisecond = hertz / 1000u;
    SYST_RVR = 0xFFFFFFu;
    SYST_CVR = 0;
    SYST_CSR = 5; /* the core's clock, running, no interrupt */
    last = SYST_CVR;
}

uint32_t ser_systick_milliseconds(void)
{
    uint32_t now = SYST_CVR;
    ticks += (last - now) & 0xFFFFFFu;
    last = now;
    if (ticks >= ticks_per_millisecond) {
        milliseconds += ticks / ticks_per_millisecond;
        ticks %= ticks_per_millisecond;
    }
    return milliseconds;
}
