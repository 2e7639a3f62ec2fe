/** A USART on two pins, as board.h says. Registers: RM0090, chapters 7 (RCC), 8 (GPIO) and 30 (USART). */
#include "board.h"
#include "ser_clock.h"
#include "ser_port.h"
#include "ser_register.h"
#include "ser_sleep.h"
#include "ser_tick.h"

#define RCC_AHB1ENR SER_REGISTER(0x40023830u)
#define USART_ENABLE SER_REGISTER(SER_BOARD_USART_ENABLE_REGISTER)
#define USART_SR SER_REGISTER(SER_BOARD_USART_BASE + 0x0u)
#define USART_DR SER_REGISTER(SER_BOARD_USART_BASE + 0x4u)
#define USART_BRR SER_REGISTER(SER_BOARD_USART_BASE + 0x8u)
#define USART_CR1 SER_REGISTER(SER_BOARD_USART_BASE + 0xCu)
#define GPIO_MODER(port) SER_REGISTER((port) + 0x0u)
#define GPIO_PUPDR(port) SER_REGISTER((port) + 0xCu)
#define GPIO_AFR(port, pin) SER_REGISTER((port) + 0x20u + (pin) / 8u * 4u)

enum { ORE = 1 << 3, RXNE = 1 << 5, TXE = 1 << 7, RE = 1 << 2, TE = 1 << 3, RXNEIE = 1 << 5, UE = 1 << 13 };
enum { NO_PULL = 0, PULL_UP = 1, ALTERNATE = 2 };

static void connect(uint32_t port, uint32_t pin, uint32_t pull)
{
    uint32_t nibble = pin % 8u * 4u;
    GPIO_AFR(port, pin) = (GPIO_AFR(port, pin) & ~(15u << nibble)) | SER_BOARD_PIN_FUNCTION << nibble;
    GPIO_PUPDR(port) = (GPIO_PUPDR(port) & ~(3u << pin * 2)) | pull << pin * 2;
    GPIO_MODER(port) = (GPIO_MODER(port) & ~(3u << pin * 2)) | (uint32_t)ALTERNATE << pin * 2;
}

void ser_port_init(void)
{
    struct ser_clocks clocks = ser_clock_init();
    ser_tick_init(clocks.core);
    RCC_AHB1ENR |= SER_BOARD_GPIO_ENABLE;
    connect(SER_BOARD_TX_GPIO, SER_BOARD_TX_PIN, NO_PULL);
    connect(SER_BOARD_RX_GPIO, SER_BOARD_RX_PIN, PULL_UP);
    USART_ENABLE |= SER_BOARD_USART_ENABLE;
    USART_BRR = clocks.baud_divider;
    USART_CR1 = UE | TE | RE | RXNEIE;
    ser_sleep_on(SER_BOARD_USART_IRQ);
}

void ser_port_write(const void *data, size_t bytes)
{
    const uint8_t *next = data;
    while (bytes-- > 0) {
        while ((USART_SR & TXE) == 0) {
        }
        USART_DR = *next++;
    }
}

int ser_port_read(void)
{
    for (;;) {
        ser_sleep_arm(SER_BOARD_USART_IRQ);
        /* Reading SR, then DR, also clears an overrun. */
        if ((USART_SR & (RXNE | ORE)) != 0) {
            return (int)(USART_DR & 0xFFu);
        }
        if (ser_tick_passed()) {
            return -1;
        }
        ser_sleep();
    }
}
