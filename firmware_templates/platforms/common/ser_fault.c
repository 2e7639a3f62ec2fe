#include <stdbool.h>
#include <stddef.h>

#include "ser_core.h"
#include "ser_linker.h"
#include "ser_register.h"
#include "ser_startup.h"
#include "ser_text.h"

/** Bytes of stack that reporting needs. */
#define RESERVE 256

void ser_fault_report(const uint32_t *frame);

static const char *fault_name(uint32_t exception)
{
#if SER_CORE_MAINLINE
    /* Interrupts are masked for good, so that every fault escalates to a HardFault; CFSR knows which it was. */
    uint32_t status = exception == 3 ? SER_REGISTER(0xE000ED28u) : 0;
    if ((status & 0xFFu) != 0) {
        return "MemManage";
    }
    if ((status & 0xFF00u) != 0) {
        return "BusFault";
    }
    if (status != 0) {
        return "UsageFault";
    }
#endif
    return exception == 2 ? "NMI" : exception == 3 ? "HardFault" : "unexpected exception";
}

/** Where the stack's limit was met (STKOF), nothing was written below it. */
static bool overflowed(const uint32_t *frame)
{
    bool limit = false;
#if __ARM_ARCH >= 8 && SER_CORE_MAINLINE
    limit = (SER_REGISTER(0xE000ED28u) >> 20 & 1u) != 0;
#endif
    return limit || frame < ser_stack_begin;
}

/**
 * Say over serial what happened, and stop.
 *
 * @param frame  the stack pointer in the handler: r0-r3, r12, lr, pc, psr of what was interrupted, if the
 *               stack had room for them
 */
__attribute__((used, noreturn)) void ser_fault_report(const uint32_t *frame)
{
    uint32_t number;
    __asm__ volatile("mrs %0, ipsr" : "=r"(number));
    ser_text("\r\nsertool fault: ");
    ser_text(fault_name(number));
    ser_text_hex(" ipsr=", number);
    if (frame >= ser_stack_begin && frame + 8 <= ser_stack_end) {
        ser_text_hex(" pc=", frame[6]);
        ser_text_hex(" lr=", frame[5]);
    }
    if (overflowed(frame)) {
        ser_text(" stack overflow");
    }
    ser_text_hex(" sp=", (uint32_t)(uintptr_t)frame);
#if SER_CORE_MAINLINE
    ser_text_hex(" cfsr=", SER_REGISTER(0xE000ED28u));
    ser_text_hex(" hfsr=", SER_REGISTER(0xE000ED2Cu));
    ser_text_hex(" mmfar=", SER_REGISTER(0xE000ED34u));
    ser_text_hex(" bfar=", SER_REGISTER(0xE000ED38u));
#endif
    ser_text("\r\n");
    for (;;) {
    }
}

/** Where the fault left too little stack, report from the top of it: nobody will return to what stands there. */
__attribute__((naked)) void ser_fault(void)
{
    __asm__ volatile(
#if __ARM_ARCH >= 8
        "movs r0, #0\n"
        "msr msplim, r0\n"
#endif
        "mrs r0, msp\n"
        "ldr r1, =ser_stack_begin + %c0\n"
        "cmp r0, r1\n"
        "bhs 1f\n"
        "ldr r1, =ser_stack_end\n"
        "msr msp, r1\n"
        "1: ldr r1, =ser_fault_report\n"
        "bx r1\n"
        ".ltorg\n"
        :
        : "i"(RESERVE));
}
