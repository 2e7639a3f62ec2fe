/** Registers: nRF51 Series Reference Manual 3.0, chapters 11 (POWER) and 24 (WDT). */
#include <stdbool.h>

#include "ser_port.h"
#include "ser_register.h"

#define POWER_RESETREAS SER_REGISTER(0x40000400u)
#define WDT_RR(request) SER_REGISTER(0x40010600u + 4u * (request))

enum { RESETPIN = 1 << 0, DOG = 1 << 1, SREQ = 1 << 2, LOCKUP = 1 << 3, OFF = 1 << 16, LPCOMP = 1 << 17, DIF = 1 << 18 };
enum { WDT_REQUESTS = 8, WDT_RELOAD = 0x6E524635 };

static bool known;
static uint32_t cause;

/** Power-on and brown-out set no flag. Flags stand until they are cleared, so that the next one is alone. */
uint32_t ser_port_reset_cause(void)
{
    if (!known) {
        const uint32_t flags = POWER_RESETREAS;
        cause |= flags == 0 ? SER_RESET_POWER : 0u;
        cause |= (flags & RESETPIN) != 0 ? SER_RESET_PIN : 0u;
        cause |= (flags & DOG) != 0 ? SER_RESET_WATCHDOG : 0u;
        cause |= (flags & (SREQ | DIF)) != 0 ? SER_RESET_SOFTWARE : 0u;
        cause |= (flags & LOCKUP) != 0 ? SER_RESET_LOCKUP : 0u;
        cause |= (flags & (OFF | LPCOMP)) != 0 ? SER_RESET_SLEEP : 0u;
        POWER_RESETREAS = flags;
        known = true;
    }
    return cause;
}

/** Without effect while the watchdog is not running; whoever started it may have asked for any of the requests. */
void ser_port_watchdog(void)
{
    for (uint32_t request = 0; request < WDT_REQUESTS; request++) {
        WDT_RR(request) = WDT_RELOAD;
    }
}
