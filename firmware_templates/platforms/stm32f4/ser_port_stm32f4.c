/* USART1 on PA9 (TX) and PA10 (RX). Registers: RM0090, chapters 7 (RCC), 8 (GPIO) and 30 (USART). */
#include "board.h"
#include "ser_clock.h"
#include "ser_port.h"
#include "ser_register.h"
#include "ser_sleep.h"
#include "ser_tick.h"

#define RCC_AHB1ENR SER_REGISTER(0x40023830u)
#define RCC_APB2ENR SER_REGISTER(0x40023844u)
#define GPIOA_MODER SER_REGISTER(0x40020000u)
#define GPIOA_PUPDR SER_REGISTER(0x4002000Cu)
#define GPIOA_AFRH SER_REGISTER(0x40020024u)
#define USART1_SR SER_REGISTER(0x40011000u)
#define USART1_DR SER_REGISTER(0x40011004u)
#define USART1_BRR SER_REGISTER(0x40011008u)
#define USART1_CR1 SER_REGISTER(0x4001100Cu)

enum {
    GPIOAEN = 1 << 0,
    USART1EN = 1 << 4,
    ORE = 1 << 3,
    RXNE = 1 << 5,
    TXE = 1 << 7,
    RE = 1 << 2,
    TE = 1 << 3,
    RXNEIE = 1 << 5,
    UE = 1 << 13,
    TX = 9,
    RX = 10,
    USART1_IRQ = 37
};

static void connect_pins(void)
{
    RCC_AHB1ENR |= GPIOAEN;
    GPIOA_AFRH = (GPIOA_AFRH & ~0xFF0u) | 7u << (TX - 8) * 4 | 7u << (RX - 8) * 4;
    GPIOA_PUPDR = (GPIOA_PUPDR & ~(3u << RX * 2)) | 1u << RX * 2;
    GPIOA_MODER = (GPIOA_MODER & ~(3u << TX * 2 | 3u << RX * 2)) | 2u << TX * 2 | 2u << RX * 2;
}

void ser_port_init(void)
{
    struct ser_clocks clocks = ser_clock_init();
    ser_tick_init(clocks.core);
    connect_pins();
    RCC_APB2ENR |= USART1EN;
    USART1_BRR = (clocks.apb2 + SER_BOARD_BAUD / 2u) / SER_BOARD_BAUD;
    USART1_CR1 = UE | TE | RE | RXNEIE;
    ser_sleep_on(USART1_IRQ);
}

void ser_port_write(const void *data, size_t bytes)
{
    const uint8_t *next = data;
    while (bytes-- > 0) {
        while ((USART1_SR & TXE) == 0) {
        }
        USART1_DR = *next++;
    }
}

int ser_port_read(void)
{
    for (;;) {
        ser_sleep_arm(USART1_IRQ);
        /* Reading SR, then DR, also clears an overrun. */
        if ((USART1_SR & (RXNE | ORE)) != 0) {
            return (int)(USART1_DR & 0xFFu);
        }
        if (ser_tick_passed()) {
            return -1;
        }
        ser_sleep();
    }
}
