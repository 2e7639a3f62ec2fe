#include "ser_startup.h"

#include "ser_app.h"
#include "ser_core.h"
#include "ser_linker.h"
#include "ser_port.h"

#ifndef __OPTIMIZE__
/** linker.ld reserves more stack when it sees this. */
__asm__(".global ser_unoptimized\n\t.set ser_unoptimized, 1");
#endif

/** For good: interrupts only end sleep, see ser_sleep.h. And what a boot loader may have left: other masks, another
 * stack, a floating point context (CONTROL), a limit of the stack. */
__attribute__((naked)) void ser_reset(void)
{
    __asm__ volatile(
        "cpsid i\n"
        "movs r0, #0\n"
#if SER_CORE_MAINLINE
        "cpsie f\n"
        "msr basepri, r0\n"
#endif
        "msr control, r0\n"
        "isb\n"
#if __ARM_ARCH >= 8
        "msr msplim, r0\n"
#endif
        "ldr r0, =ser_stack_end\n"
        "msr msp, r0\n"
        "bl ser_start\n"
        ".ltorg\n");
}

static void prepare_memory(void)
{
    const uint32_t *from = ser_data_load;
    for (uint32_t *to = ser_data_begin; to < ser_data_end; to++) {
        *to = *from++;
    }
    for (uint32_t *word = ser_bss_begin; word < ser_bss_end; word++) {
        *word = 0;
    }
}

/** Used, but only by assembly, which a link-time optimizer does not read. */
__attribute__((used)) void ser_start(void)
{
    ser_core_quiet();
    /* Up to the frame of this very function, whose own words are written by now. */
    for (uint32_t *word = ser_stack_begin; word < (uint32_t *)__builtin_frame_address(0) - 16; word++) {
        *word = SER_STACK_PAINT;
    }
    ser_core_guard_stack();
    prepare_memory();
    ser_port_watchdog();
    ser_port_init();
    ser_app();
}
