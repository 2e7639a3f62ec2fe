#include "ser_port.h"

/** The FPGA images have no register for it that QEMU knows. */
uint32_t ser_port_reset_cause(void)
{
    return 0;
}

/** The FPGA's watchdog is off until somebody unlocks it. */
void ser_port_watchdog(void)
{
}
