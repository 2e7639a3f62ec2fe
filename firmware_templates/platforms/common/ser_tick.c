#include "ser_tick.h"

#include "ser_port.h"
#include "ser_register.h"

#define SYST_CSR SER_REGISTER(0xE000E010u)
#define SYST_RVR SER_REGISTER(0xE000E014u)
#define SYST_CVR SER_REGISTER(0xE000E018u)
#define SCB_ICSR SER_REGISTER(0xE000ED04u)

enum { ENABLE = 1 << 0, TICKINT = 1 << 1, CORE_CLOCK = 1 << 2, PENDSTCLR = 1 << 25, PENDSTSET = 1 << 26 };

void ser_tick_init(uint32_t hertz)
{
    SYST_RVR = hertz / 1000u * SER_PORT_PATIENCE_MS - 1u;
    SYST_CVR = 0;
    SYST_CSR = ENABLE | TICKINT | CORE_CLOCK;
}

bool ser_tick_passed(void)
{
    if ((SCB_ICSR & PENDSTSET) == 0) {
        return false;
    }
    SCB_ICSR = PENDSTCLR;
    return true;
}
