/**
 * @file
 * What a chip family gives to the device layer. No interrupt is used: the protocol acknowledges every piece of
 * PCM, so nothing arrives while the core computes, and a polled receiver loses nothing.
 */
#ifndef SER_PORT_H
#define SER_PORT_H

#include <stddef.h>
#include <stdint.h>

/** Start clocks, time and the serial line; called once, before any other function here. */
void ser_port_init(void);

/** Send bytes over the serial line; returns when the last one was handed to the transmitter. */
void ser_port_write(const void *data, size_t bytes);

/** The next received byte, 0 to 255, or -1 when none has arrived. */
int ser_port_read(void);

/**
 * Milliseconds since ser_port_init, wrapping at 2^32. It may stand still while nobody asks for longer than a
 * timer's period (0.1 s on the fastest core): it serves timeouts of a loop that asks all the time.
 */
uint32_t ser_port_milliseconds(void);

/** Bytes of memory, as the linker laid it out and as the stack was used so far. */
struct ser_memory {
    uint32_t flash;      /**< of flash taken by the image */
    uint32_t ram;        /**< of RAM taken, the stack included */
    uint32_t stack;      /**< reserved for the stack */
    uint32_t stack_used; /**< of the stack that were ever written */
};

/** Measure memory. */
void ser_port_memory(struct ser_memory *memory);

#endif
