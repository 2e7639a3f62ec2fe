/**
 * Rounding products and quotients of 32-bit integers, as gemmlowp defines them (fixedpoint/fixedpoint.h).
 */
#ifndef SER_FIXED_POINT_H
#define SER_FIXED_POINT_H

#include <stdint.h>

/** Right shifts of negative numbers have to keep the sign. */
typedef char ser_right_shift_keeps_the_sign[(-1 >> 1) == -1 ? 1 : -1];

/**
 * High half of twice the product, rounded half up: (a * b + 2^30) >> 31.
 *
 * Equals gemmlowp's SaturatingRoundingDoublingHighMul for every pair but a = b = -2^31, the one that saturates:
 * there a nudge of 1 - 2^30 and a division towards zero round negative halves up, too.
 */
static inline int32_t ser_doubling_high_mul(int32_t a, int32_t b)
{
#if defined(__ARM_ARCH_ISA_THUMB) && __ARM_ARCH_ISA_THUMB == 1
    /* ARMv6-M multiplies 32 x 32 -> 32 only; four 16-bit products need no library call. */
    const int32_t a_high = a >> 16;
    const int32_t b_high = b >> 16;
    const uint32_t a_low = (uint32_t)a & 0xFFFFu;
    const uint32_t b_low = (uint32_t)b & 0xFFFFu;
    const uint32_t low = a_low * b_low;
    const int32_t middle = a_high * (int32_t)b_low + (int32_t)(low >> 16);
    const int32_t other = (int32_t)a_low * b_high + (middle & 0xFFFF);
    const uint32_t high = (uint32_t)(a_high * b_high + (middle >> 16) + (other >> 16));
    const uint32_t rest = ((uint32_t)other << 16) | (low & 0xFFFFu);
    const uint32_t rounded = rest + 0x40000000u;

    return (int32_t)(((high + (rounded < rest)) << 1) | (rounded >> 31));
#else
    return (int32_t)(((int64_t)a * b + (1 << 30)) >> 31);
#endif
}

/** value / 2^exponent, rounded half away from zero; exponent 1 ... 31, -2^31 < value < 2^31 - 1. */
static inline int32_t ser_rounding_divide(int32_t value, int exponent)
{
    return (((value + (value >> 31)) >> (exponent - 1)) + 1) >> 1;
}

#endif
