#ifndef SER_SYSTICK_H
#define SER_SYSTICK_H

#include <stdint.h>

/** Let the core's SysTick count down freely at `hertz`, the core's clock. */
void ser_systick_init(uint32_t hertz);

/** Milliseconds that passed while calls came at least every 2^24 ticks; see ser_port_milliseconds. */
uint32_t ser_systick_milliseconds(void);

#endif
