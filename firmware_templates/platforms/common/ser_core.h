/**
 * @file
 * What every Cortex-M has, or has not, around its instructions (ARMv6-M, ARMv7-M and ARMv8-M reference manuals).
 */
#ifndef SER_CORE_H
#define SER_CORE_H

/** Whether the core has fault status, BASEPRI, FAULTMASK and more than 32 interrupts. */
#if __ARM_ARCH >= 7 && !defined(__ARM_ARCH_8M_BASE__)
#define SER_CORE_MAINLINE 1
#else
#define SER_CORE_MAINLINE 0
#endif

/** Undo what a boot loader may have left running: SysTick, interrupts, MPU, vectors; needs no memory but stack. */
void ser_core_quiet(void);

/**
 * Make an overflow of the stack a fault, also where memory lies below it: by the stack's limit (ARMv8-M) or a region
 * of the MPU that nobody may touch. Without either (ARMv6-M) only memory's end, where the stack lies, does so.
 */
void ser_core_guard_stack(void);

#endif
