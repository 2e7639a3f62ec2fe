#ifndef SER_REGISTER_H
#define SER_REGISTER_H

#include <stdint.h>

/** The 32-bit register at a constant address. */
#define SER_REGISTER(address) (*(volatile uint32_t *)(address))

#endif
