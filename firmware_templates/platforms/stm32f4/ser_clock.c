/* Registers: RM0090 (STM32F405/407 reference manual), chapters 3 (flash), 5 (power) and 7 (RCC). */
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
    HSI_HZ = 16000000,
    HSION = 1 << 0,
    HSEON = 1 << 16,
    HSERDY = 1 << 17,
    PLLON = 1 << 24,
    PLLRDY = 1 << 25,
    PWREN = 1 << 28,
    VOS_SCALE_1 = 1 << 14, /* the range above 144 MHz */
    PLLSRC_HSE = 1 << 22,
    PLL_Q = 7,
    /* Core above 150 MHz at 2.7 V to 3.6 V: five wait states; prefetch, instruction and data cache. */
    FLASH_SETTING = 5 | 1 << 8 | 1 << 9 | 1 << 10,
    APB1_BY_4 = 5 << 10,
    APB2_BY_2 = 4 << 13,
    SWITCH_PLL = 2,
    SWITCHED = 3 << 2
};

#define PLL_INPUT_HZ 2000000 /* the manual's advice against jitter */
#define PLL_P 2
#define PLL_M(source_hz) ((source_hz) / PLL_INPUT_HZ)
#define PLL_N (SER_BOARD_CLOCK_HZ * PLL_P / PLL_INPUT_HZ)

#if SER_BOARD_HSE_HZ % PLL_INPUT_HZ != 0
#error "the crystal must be a multiple of 2 MHz"
#endif
#if PLL_N < 50 || PLL_N > 432 || SER_BOARD_CLOCK_HZ > 168000000
#error "the PLL cannot make this core clock"
#endif

/* Bounded, so that a missing crystal, or an emulator without these registers, is slow and not dead. */
static bool becomes(volatile const uint32_t *reg, uint32_t mask, uint32_t value)
{
    for (uint32_t tries = 0; tries < 100000u; tries++) {
        if ((*reg & mask) == value) {
            return true;
        }
    }
    return false;
}

/* Where reset would have left the clocks: ST's boot loader for USB leaves the PLL running. */
static void return_to_internal(void)
{
    RCC_CR |= HSION;
    RCC_CFGR = 0;
    (void)becomes(&RCC_CFGR, SWITCHED, 0);
    RCC_CR &= ~(uint32_t)PLLON;
    (void)becomes(&RCC_CR, PLLRDY, 0);
}

struct ser_clocks ser_clock_init(void)
{
    const struct ser_clocks internal = {HSI_HZ, HSI_HZ};
    const struct ser_clocks full = {SER_BOARD_CLOCK_HZ, SER_BOARD_CLOCK_HZ / 2};
    return_to_internal();
    RCC_APB1ENR |= PWREN;
    PWR_CR |= VOS_SCALE_1;
    RCC_CR |= HSEON;
    bool crystal = becomes(&RCC_CR, HSERDY, HSERDY);
    uint32_t m = crystal ? PLL_M(SER_BOARD_HSE_HZ) : PLL_M(HSI_HZ);
    uint32_t source = crystal ? PLLSRC_HSE : 0;
    RCC_PLLCFGR = m | PLL_N << 6 | (PLL_P / 2 - 1) << 16 | source | (uint32_t)PLL_Q << 24;
    RCC_CR |= PLLON;
    if (!becomes(&RCC_CR, PLLRDY, PLLRDY)) {
        return internal;
    }
    FLASH_ACR = FLASH_SETTING;
    if (!becomes(&FLASH_ACR, 7, 5)) {
        return internal;
    }
    RCC_CFGR = APB1_BY_4 | APB2_BY_2 | SWITCH_PLL;
    return becomes(&RCC_CFGR, SWITCHED, SWITCH_PLL << 2) ? full : internal;
}
