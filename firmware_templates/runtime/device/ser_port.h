/**
 * @file
 * What a chip family gives to the device layer. There is no receive buffer and no interrupt handler: the protocol
 * acknowledges every piece of PCM, so nothing arrives while the core computes.
 */
#ifndef SER_PORT_H
#define SER_PORT_H

#include <stddef.h>
#include <stdint.h>

/** Start clocks and the serial line; called once, before any other function here. */
void ser_port_init(void);

/** Send bytes over the serial line; returns when the last one was handed to the transmitter. */
void ser_port_write(const void *data, size_t bytes);

/** How long ser_port_read waits, in milliseconds. */
#define SER_PORT_PATIENCE_MS 10u

/** The next received byte, 0 to 255, or -1 when none came for SER_PORT_PATIENCE_MS. The core sleeps meanwhile. */
int ser_port_read(void);

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
