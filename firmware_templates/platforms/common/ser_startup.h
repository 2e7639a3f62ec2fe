#ifndef SER_STARTUP_H
#define SER_STARTUP_H

#include <stdint.h>

/** What the whole stack is filled with at reset, to see later how far it was written. */
#define SER_STACK_PAINT 0xC0DEF00Du

/** Where the core begins: the memory that C expects, then ser_app. */
void ser_reset(void);

/** Every fault and every interrupt that nobody expects: say which over serial and stop. */
void ser_fault(void);

#endif
