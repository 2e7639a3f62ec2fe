/**
 * UART, TIMER0 (this chip's core has no SysTick) and the crystal oscillator of the nRF51.
 * Registers: nRF51 Series Reference Manual 3.0, chapters 12 (CLOCK), 18 (TIMER) and 28 (UART).
 */
#include <stdbool.h>

#include "board.h"
#include "ser_port.h"
#include "ser_register.h"
#include "ser_sleep.h"

#define CLOCK_HFCLKSTART SER_REGISTER(0x40000000u)
#define CLOCK_HFCLKSTARTED SER_REGISTER(0x40000100u)
#define UART_STARTRX SER_REGISTER(0x40002000u)
#define UART_STARTTX SER_REGISTER(0x40002008u)
#define UART_RXDRDY SER_REGISTER(0x40002108u)
#define UART_TXDRDY SER_REGISTER(0x4000211Cu)
#define UART_INTENSET SER_REGISTER(0x40002304u)
#define UART_ENABLE SER_REGISTER(0x40002500u)
#define UART_PSELTXD SER_REGISTER(0x4000250Cu)
#define UART_PSELRXD SER_REGISTER(0x40002514u)
#define UART_RXD SER_REGISTER(0x40002518u)
#define UART_TXD SER_REGISTER(0x4000251Cu)
#define UART_BAUDRATE SER_REGISTER(0x40002524u)
#define GPIO_OUTSET SER_REGISTER(0x50000508u)
#define GPIO_DIRSET SER_REGISTER(0x50000518u)
#define TIMER0_START SER_REGISTER(0x40008000u)
#define TIMER0_COMPARED SER_REGISTER(0x40008140u)
#define TIMER0_SHORTS SER_REGISTER(0x40008200u)
#define TIMER0_INTENSET SER_REGISTER(0x40008304u)
#define TIMER0_BITMODE SER_REGISTER(0x40008508u)
#define TIMER0_PRESCALER SER_REGISTER(0x40008510u)
#define TIMER0_CC SER_REGISTER(0x40008540u)

enum { UART_ENABLED = 4, RXDRDY_INTERRUPT = 1 << 2, UART_IRQ = 2 };
enum { BITS_32 = 3, ONE_MEGAHERTZ = 4, CLEAR_WHEN_COMPARED = 1, COMPARE_INTERRUPT = 1 << 16, TIMER0_IRQ = 8 };

/** The crystal takes about a millisecond; one that never starts must not keep the board silent. */
enum { PATIENCE_WITH_CRYSTAL = 100000 };

static void start_ticks(void)
{
    TIMER0_BITMODE = BITS_32;
    TIMER0_PRESCALER = ONE_MEGAHERTZ;
    TIMER0_CC = SER_PORT_PATIENCE_MS * 1000u;
    TIMER0_SHORTS = CLEAR_WHEN_COMPARED;
    TIMER0_INTENSET = COMPARE_INTERRUPT;
    ser_sleep_on(TIMER0_IRQ);
    TIMER0_START = 1;
}

void ser_port_init(void)
{
    CLOCK_HFCLKSTART = 1;
    for (uint32_t tries = 0; CLOCK_HFCLKSTARTED == 0 && tries < PATIENCE_WITH_CRYSTAL; tries++) {
    }
    start_ticks();
    GPIO_OUTSET = 1u << SER_BOARD_TX_PIN;
    GPIO_DIRSET = 1u << SER_BOARD_TX_PIN;
    UART_PSELTXD = SER_BOARD_TX_PIN;
    UART_PSELRXD = SER_BOARD_RX_PIN;
    UART_BAUDRATE = SER_BOARD_BAUDRATE_REGISTER;
    UART_ENABLE = UART_ENABLED;
    UART_STARTTX = 1;
    UART_STARTRX = 1;
    UART_INTENSET = RXDRDY_INTERRUPT;
    ser_sleep_on(UART_IRQ);
}

void ser_port_write(const void *data, size_t bytes)
{
    const uint8_t *next = data;
    while (bytes-- > 0) {
        UART_TXDRDY = 0;
        UART_TXD = *next++;
        while (UART_TXDRDY == 0) {
        }
    }
}

static bool tick_passed(void)
{
    bool passed = TIMER0_COMPARED != 0;
    if (passed) {
        TIMER0_COMPARED = 0;
        ser_sleep_arm(TIMER0_IRQ);
    }
    return passed;
}

int ser_port_read(void)
{
    for (;;) {
        ser_sleep_arm(UART_IRQ);
        if (UART_RXDRDY != 0) {
            UART_RXDRDY = 0; /* before the byte is taken, which may raise it again for the next one */
            return (int)(UART_RXD & 0xFFu);
        }
        if (tick_passed()) {
            return -1;
        }
        ser_sleep();
    }
}
