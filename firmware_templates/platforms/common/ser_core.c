#include "ser_core.h"

#include "board.h"
#include "ser_linker.h"
#include "ser_register.h"

#define ICTR SER_REGISTER(0xE000E004u)
#define SYST_CSR SER_REGISTER(0xE000E010u)
#define NVIC_ICER(word) SER_REGISTER(0xE000E180u + 4u * (word))
#define NVIC_ICPR(word) SER_REGISTER(0xE000E280u + 4u * (word))
#define SCB_ICSR SER_REGISTER(0xE000ED04u)
#define SCB_VTOR SER_REGISTER(0xE000ED08u)
#define SCB_CCR SER_REGISTER(0xE000ED14u)
#define SCB_CFSR SER_REGISTER(0xE000ED28u)
#define SCB_HFSR SER_REGISTER(0xE000ED2Cu)
#define MPU_TYPE SER_REGISTER(0xE000ED90u)
#define MPU_CTRL SER_REGISTER(0xE000ED94u)
#define MPU_RNR SER_REGISTER(0xE000ED98u)
#define MPU_RBAR SER_REGISTER(0xE000ED9Cu)
#define MPU_RASR SER_REGISTER(0xE000EDA0u)

enum { DIV_0_TRP = 1 << 4, PENDSTCLR = 1 << 25, PENDSVCLR = 1 << 27 };
enum { ENABLED = 1 << 0, ELSE_DEFAULT = 1 << 2, REGIONS = 0xFF << 8, NEVER_EXECUTED = 1 << 28 };

/** Bytes below the stack that nobody may touch: more than any frame, so that none reaches over them. */
#define GUARD 4096u

void ser_core_quiet(void)
{
    uint32_t words = 1;
    SYST_CSR = 0;
    SCB_ICSR = PENDSTCLR | PENDSVCLR;
#if SER_CORE_MAINLINE
    words = (ICTR & 15u) + 1u;
    MPU_CTRL = 0;
    SCB_CFSR = SCB_CFSR; /* written ones are cleared: a fault that is reported is one of this image */
    SCB_HFSR = SCB_HFSR;
    SCB_CCR |= DIV_0_TRP;
#endif
    for (uint32_t word = 0; word < words; word++) {
        NVIC_ICER(word) = 0xFFFFFFFFu;
        NVIC_ICPR(word) = 0xFFFFFFFFu;
    }
#if SER_CORE_VTOR
    SCB_VTOR = (uint32_t)(uintptr_t)ser_flash_begin;
#endif
    __asm__ volatile("dsb\n\tisb" : : : "memory");
}

void ser_core_guard_stack(void)
{
#if __ARM_ARCH >= 8
    __asm__ volatile("msr msplim, %0" : : "r"(ser_stack_begin));
#elif SER_CORE_MAINLINE
    const uint32_t begin = (uint32_t)(uintptr_t)ser_stack_begin;
    uint32_t size = 32;
    uint32_t exponent = 5;
    while (size < GUARD && begin % (2 * size) == 0) {
        size *= 2;
        exponent++;
    }
    if ((MPU_TYPE & REGIONS) != 0) {
        MPU_RNR = 0;
        MPU_RBAR = begin - size;
        MPU_RASR = NEVER_EXECUTED | (exponent - 1u) << 1 | ENABLED;
        MPU_CTRL = ELSE_DEFAULT | ENABLED;
        __asm__ volatile("dsb\n\tisb" : : : "memory");
    }
#endif
}
