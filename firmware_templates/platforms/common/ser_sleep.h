/**
 * @file
 * Waiting without an interrupt handler: interrupts are masked from reset on (PRIMASK), but one that is enabled
 * and pending still ends the core's sleep. The order that loses nothing: ser_sleep_arm, look for what is awaited,
 * ser_sleep.
 */
#ifndef SER_SLEEP_H
#define SER_SLEEP_H

#include <stdint.h>

/** Let interrupt `irq` end a sleep. */
void ser_sleep_on(uint32_t irq);

/** Forget that interrupt `irq` was pending; its device raises it again when its cause still holds. */
void ser_sleep_arm(uint32_t irq);

/** Sleep until an enabled interrupt is pending. */
void ser_sleep(void);

#endif
