#ifndef SER_TICK_H
#define SER_TICK_H

#include <stdbool.h>
#include <stdint.h>

/** Let the core's SysTick end a sleep every SER_PORT_PATIENCE_MS; `hertz` is the core's clock. */
void ser_tick_init(uint32_t hertz);

/** Whether a tick passed since the last call. */
bool ser_tick_passed(void);

#endif
