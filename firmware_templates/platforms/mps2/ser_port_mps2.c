/** The CMSDK APB UART of ARM's MPS2 FPGA images (ARM DDI 0479, chapter 4.3). */
#include "board.h"
#include "ser_port.h"
#include "ser_register.h"
#include "ser_sleep.h"
#include "ser_tick.h"

#define UART_DATA SER_REGISTER(SER_BOARD_UART_BASE + 0x0u)
#define UART_STATE SER_REGISTER(SER_BOARD_UART_BASE + 0x4u)
#define UART_CTRL SER_REGISTER(SER_BOARD_UART_BASE + 0x8u)
#define UART_INTCLEAR SER_REGISTER(SER_BOARD_UART_BASE + 0xCu)
#define UART_BAUDDIV SER_REGISTER(SER_BOARD_UART_BASE + 0x10u)

enum { TX_FULL = 1 << 0, RX_FULL = 1 << 1, RX_INTERRUPT = 1 << 1 };
enum { TX_ENABLE = 1 << 0, RX_ENABLE = 1 << 1, RX_INTERRUPT_ENABLE = 1 << 3 };

void ser_port_init(void)
{
    ser_tick_init(SER_BOARD_CLOCK_HZ);
    UART_BAUDDIV = SER_BOARD_BAUD_DIVIDER;
    UART_CTRL = TX_ENABLE | RX_ENABLE | RX_INTERRUPT_ENABLE;
    ser_sleep_on(SER_BOARD_UART_RX_IRQ);
}

void ser_port_write(const void *data, size_t bytes)
{
    const uint8_t *next = data;
    while (bytes-- > 0) {
        while ((UART_STATE & TX_FULL) != 0) {
        }
        UART_DATA = *next++;
    }
}

int ser_port_read(void)
{
    for (;;) {
        UART_INTCLEAR = RX_INTERRUPT;
        ser_sleep_arm(SER_BOARD_UART_RX_IRQ);
        if ((UART_STATE & RX_FULL) != 0) {
            return (int)(UART_DATA & 0xFFu);
        }
        if (ser_tick_passed()) {
            return -1;
        }
        ser_sleep();
    }
}
