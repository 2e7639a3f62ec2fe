#include "ser_startup.h"

#include "ser_app.h"
#include "ser_linker.h"
#include "ser_port.h"
#include "ser_register.h"

static void start_application(void)
{
    __asm__ volatile("cpsid i"); /* for good: interrupts only end sleep, see ser_sleep.h */
#if __ARM_ARCH >= 7
    SER_REGISTER(0xE000ED08u) = (uint32_t)(uintptr_t)ser_flash_begin; /* VTOR: a boot loader may have left its own */
    SER_REGISTER(0xE000ED14u) |= 1u << 4;                             /* CCR: division by zero is a fault */
#endif
#if __ARM_ARCH >= 8
    __asm__ volatile("msr msplim, %0" : : "r"(ser_stack_begin));
#endif
    ser_port_init();
    ser_app();
}

void ser_reset(void)
{
    /* Up to the frame of this very function, whose own words are written by now. */
    for (uint32_t *word = ser_stack_begin; word < (uint32_t *)__builtin_frame_address(0) - 16; word++) {
        *word = SER_STACK_PAINT;
    }
    const uint32_t *from = ser_data_load;
    for (uint32_t *to = ser_data_begin; to < ser_data_end; to++) {
        *to = *from++;
    }
    for (uint32_t *word = ser_bss_begin; word < ser_bss_end; word++) {
        *word = 0;
    }
    start_application();
}
