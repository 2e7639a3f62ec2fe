#ifndef SER_STARTUP_H
#define SER_STARTUP_H

#include <stdint.h>

/** What the whole stack is filled with at reset, to see later how far it was written. */
#define SER_STACK_PAINT 0xC0DEF00Du

/** Where the core begins, after a reset or when a boot loader jumps here: masks, stack, then ser_start. */
void ser_reset(void);

/** The core as reset would have left it, the memory that C expects, the port, then ser_app. */
void ser_start(void);

/** Every fault and every interrupt that nobody expects: say which over serial and stop. */
void ser_fault(void);

#endif
