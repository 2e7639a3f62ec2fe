/** Registers: RM0090, chapters 7 (RCC) and 21 (IWDG). */
#include <stdbool.h>

#include "ser_port.h"
#include "ser_register.h"

#define RCC_CSR SER_REGISTER(0x40023874u)
#define IWDG_KR SER_REGISTER(0x40003000u)

#define RMVF (1u << 24)
#define BORRSTF (1u << 25)
#define PINRSTF (1u << 26)
#define PORRSTF (1u << 27)
#define SFTRSTF (1u << 28)
#define IWDGRSTF (1u << 29)
#define WWDGRSTF (1u << 30)
#define LPWRRSTF (1u << 31)

static bool known;
static uint32_t cause;

/** Every reset also pulls the pin (PINRSTF). Flags stand until they are cleared, so that the next one is alone. */
uint32_t ser_port_reset_cause(void)
{
    if (!known) {
        const uint32_t flags = RCC_CSR;
        cause |= (flags & (PORRSTF | BORRSTF)) != 0 ? SER_RESET_POWER : 0u;
        cause |= (flags & PINRSTF) != 0 ? SER_RESET_PIN : 0u;
        cause |= (flags & (IWDGRSTF | WWDGRSTF)) != 0 ? SER_RESET_WATCHDOG : 0u;
        cause |= (flags & SFTRSTF) != 0 ? SER_RESET_SOFTWARE : 0u;
        cause |= (flags & LPWRRSTF) != 0 ? SER_RESET_SLEEP : 0u;
        RCC_CSR = flags | RMVF;
        known = true;
    }
    return cause;
}

/** Without effect while the independent watchdog is not running. */
void ser_port_watchdog(void)
{
    IWDG_KR = 0xAAAAu;
}
