#include <stddef.h>

#include "ser_linker.h"
#include "ser_register.h"
#include "ser_startup.h"
#include "ser_text.h"

/* Bytes of stack that reporting needs. */
#define RESERVE 256

void ser_fault_report(const uint32_t *frame);

static const char *exception_name(uint32_t number)
{
    switch (number) {
    case 2:
        return "NMI";
    case 3:
        return "HardFault";
    case 4:
        return "MemManage";
    case 5:
        return "BusFault";
    case 6:
        return "UsageFault";
    case 7:
        return "SecureFault";
    default:
        return "unexpected interrupt";
    }
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
    ser_text(exception_name(number));
    ser_text_hex(" ipsr=", number);
    if (frame >= ser_stack_begin && frame + 8 <= ser_stack_end) {
        ser_text_hex(" pc=", frame[6]);
        ser_text_hex(" lr=", frame[5]);
    } else {
        ser_text(" stack overflow");
    }
    ser_text_hex(" sp=", (uint32_t)(uintptr_t)frame);
#if __ARM_ARCH >= 7
    ser_text_hex(" cfsr=", SER_REGISTER(0xE000ED28u));
    ser_text_hex(" hfsr=", SER_REGISTER(0xE000ED2Cu));
    ser_text_hex(" mmfar=", SER_REGISTER(0xE000ED34u));
    ser_text_hex(" bfar=", SER_REGISTER(0xE000ED38u));
#endif
    ser_text("\r\n");
    for (;;) {
    }
}

/* Where the fault left too little stack, report from the top of it: nobody will return to what stands there. */
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
