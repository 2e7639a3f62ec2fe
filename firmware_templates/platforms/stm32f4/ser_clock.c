/** Registers: RM0090 (STM32F405/407 reference manual), chapters 3 (flash), 5 (power) and 7 (RCC). */
#include "ser_clock.h"

#include <stdbool.h>

#include "board.h"
#include "ser_register.h"

#define FLASH_ACR SER_REGISTER(0x40023C00u)
#define PWR_CR SER_REGISTER(0x40007000u)
#define RCC_CR SER_REGISTER(0x40023800u)
#define RCC_PLLCFGR SER_REGISTER(0x40023804u)
#define RCC_CFGR SER_REGISTER(0x40023808u)
#define RCC_APB1ENR SER_REGISTER(0x40023840u)

enum {
    HSION = 1 << 0,
    HSEON = 1 << 16,
    HSERDY = 1 << 17,
    HSEBYP = 1 << 18,
    PLLON = 1 << 24,
    PLLRDY = 1 << 25,
    PWREN = 1 << 28,
    VOS_SCALE_1 = 1 << 14, /* the range above 144 MHz */
    CACHES = 1 << 8 | 1 << 9 | 1 << 10, /* of flash: prefetch, instructions, data */
    WAIT_STATES = 7,
    SWITCH_PLL = 2,
    SWITCHED = 3 << 2
};

/** Bounded, so that a missing crystal, or an emulator without these registers, is slow and not dead. */
static bool becomes(volatile const uint32_t *reg, uint32_t mask, uint32_t value)
{
    for (uint32_t tries = 0; tries < 100000u; tries++) {
        if ((*reg & mask) == value) {
            return true;
        }
    }
    return false;
}

/** Where reset would have left the clocks: ST's boot loader for USB leaves the PLL running. */
static void return_to_internal(void)
{
    RCC_CR |= HSION;
    RCC_CFGR = 0;
    (void)becomes(&RCC_CFGR, SWITCHED, 0);
    RCC_CR &= ~(uint32_t)(PLLON | HSEON);
    (void)becomes(&RCC_CR, PLLRDY | HSERDY, 0);
    RCC_CR &= ~(uint32_t)HSEBYP;
}

/** The PLL's setting by the board's oscillator, or, when that does not start, by the internal one; 0: none. */
static uint32_t pll_setting(void)
{
    if (SER_BOARD_HSE != 0) {
        RCC_CR |= SER_BOARD_HSE & HSEBYP; /* which is taken while the oscillator is off */
        RCC_CR |= SER_BOARD_HSE;
        if (!becomes(&RCC_CR, HSERDY, HSERDY)) {
            return SER_BOARD_PLL_INTERNAL;
        }
    }
    return SER_BOARD_PLL;
}

struct ser_clocks ser_clock_init(void)
{
    const struct ser_clocks internal = {SER_BOARD_INTERNAL_HZ, SER_BOARD_BAUD_DIVIDER_INTERNAL};
    const struct ser_clocks full = {SER_BOARD_CLOCK_HZ, SER_BOARD_BAUD_DIVIDER};
    return_to_internal();
    RCC_APB1ENR |= PWREN;
    PWR_CR |= VOS_SCALE_1;
    uint32_t setting = pll_setting();
    if (setting == 0) {
        return internal;
    }
    RCC_PLLCFGR = setting;
    RCC_CR |= PLLON;
    if (!becomes(&RCC_CR, PLLRDY, PLLRDY)) {
        return internal;
    }
    FLASH_ACR = CACHES | SER_BOARD_WAIT_STATES;
    if (!becomes(&FLASH_ACR, WAIT_STATES, SER_BOARD_WAIT_STATES)) {
        return internal;
    }
    RCC_CFGR = SER_BOARD_PRESCALERS | SWITCH_PLL;
    return becomes(&RCC_CFGR, SWITCHED, SWITCH_PLL << 2) ? full : internal;
}
