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

/** Causes of a reset; several may be said at once. */
enum ser_reset {
    SER_RESET_POWER = 1 << 0, /**< power-on or brown-out */
    SER_RESET_PIN = 1 << 1,
    SER_RESET_WATCHDOG = 1 << 2,
    SER_RESET_SOFTWARE = 1 << 3, /**< or a debugger */
    SER_RESET_LOCKUP = 1 << 4,
    SER_RESET_SLEEP = 1 << 5 /**< the chip was off and something woke it */
};

/** Why the chip was reset: bits of enum ser_reset, 0 when that is not known. */
uint32_t ser_port_reset_cause(void);

/**
 * Keep a watchdog that somebody started from biting; of no effect when none runs. Called at least every 100 ms of
 * a 16 MHz Cortex-M0: for every received byte or silence, for every piece of sound and layer of the self-test, for
 * every KiB of the image whose CRC is taken, and before every reply.
 */
void ser_port_watchdog(void);

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

/** The last bytes of what is flashed, written when everything else stands. */
struct ser_seal {
    char mark[4]; /**< SER_SEAL_MARK; anything else: not sealed */
    uint32_t crc; /**< ser_crc32 of all bytes before the seal */
};

/** A seal is the whole of what `objcopy --add-gnu-debuglink` says of a file called "ser". */
#define SER_SEAL_MARK "ser"

/** All that was flashed: vectors, code, tables, first values of variables, seal. */
struct ser_image {
    const uint8_t *begin;
    uint32_t bytes;
};

/** Where the image is. */
struct ser_image ser_port_image(void);

#endif
