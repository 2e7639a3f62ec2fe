/**
 * Primitives of the front end, each with one meaning and a form for each kind of core: DSP instructions
 * (ARMv7E-M, ARMv8-M with DSP), long multiplication (ARMv7-M), and 16-bit limbs where a 32 x 32 to 64 bit
 * multiplication costs a call (ARMv6-M). All forms give equal results. Signed right shifts are arithmetic.
 */
#ifndef SER_DSP_H
#define SER_DSP_H

#include <stdint.h>

#if defined(__ARM_FEATURE_DSP)
#define SER_DSP 1
#else
#define SER_DSP 0
#endif

#if defined(__ARM_ARCH) && defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M' && !defined(__ARM_FEATURE_CLZ)
#define SER_SMALL_CORE 1
#else
#define SER_SMALL_CORE 0
#endif

#if defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M'
#define SER_HOST 0
#else
#define SER_HOST 1
#endif

/** Keeps the compiler from mixing two blocks of work whose values together do not fit the registers. */
#if SER_HOST || SER_SMALL_CORE
#define SER_KEEP_ORDER()
#else
#define SER_KEEP_ORDER() __asm__ volatile("" ::: "memory")
#endif

#if SER_DSP
/* GCC 12's arm_acle.h has no smulwb, and its smlawb and smlad keep track of an overflow flag that nobody reads. */

static inline int32_t ser_smulwb(int32_t x, int32_t y)
{
    int32_t product;
    __asm__("smulwb %0, %1, %2" : "=r"(product) : "r"(x), "r"(y));
    return product;
}

static inline int32_t ser_smulwt(int32_t x, int32_t y)
{
    int32_t product;
    __asm__("smulwt %0, %1, %2" : "=r"(product) : "r"(x), "r"(y));
    return product;
}

static inline int32_t ser_smlawb(int32_t x, int32_t y, int32_t sum)
{
    __asm__("smlawb %0, %1, %2, %0" : "+r"(sum) : "r"(x), "r"(y));
    return sum;
}

static inline int32_t ser_smlad(int32_t x, int32_t y, int32_t sum)
{
    __asm__("smlad %0, %1, %2, %0" : "+r"(sum) : "r"(x), "r"(y));
    return sum;
}
#endif

/** floor(x * factor / 2^16), factor in Q15 of 16 bits: x times half the factor's value. */
static inline int32_t ser_scale(int32_t x, int32_t factor)
{
#if SER_DSP
    return ser_smulwb(x, factor);
#elif !SER_SMALL_CORE && !SER_HOST
    return (int32_t)(((int64_t)x * (factor * 65536)) >> 32);
#else
    return (x >> 16) * factor + (((x & 0xffff) * factor) >> 16);
#endif
}

/** A unit vector: cosine in the low half, sine in the high half, Q15 each. */
typedef uint32_t ser_unit;

/** Half of (re + i im) (cosine + i sine), each of the four products rounded down. */
static inline void ser_rotate(int32_t re, int32_t im, ser_unit unit, int32_t *out_re, int32_t *out_im)
{
#if SER_DSP
    *out_re = ser_smulwb(re, (int32_t)unit) - ser_smulwt(im, (int32_t)unit);
    *out_im = ser_smlawb(im, (int32_t)unit, ser_smulwt(re, (int32_t)unit));
#elif !SER_SMALL_CORE && !SER_HOST
    const int32_t cosine = (int32_t)(unit << 16), sine = (int32_t)(unit & 0xffff0000u);
    *out_re = (int32_t)(((int64_t)re * cosine) >> 32) - (int32_t)(((int64_t)im * sine) >> 32);
    *out_im = (int32_t)(((int64_t)im * cosine) >> 32) + (int32_t)(((int64_t)re * sine) >> 32);
#else
    const int32_t cosine = (int16_t)unit, sine = (int32_t)unit >> 16;
    *out_re = ser_scale(re, cosine) - ser_scale(im, sine);
    *out_im = ser_scale(im, cosine) + ser_scale(re, sine);
#endif
}

/** re * re + im * im for |re|, |im| <= 2^24. */
static inline uint64_t ser_square(int32_t re, int32_t im)
{
#if SER_SMALL_CORE
    const int32_t re_high = re >> 12, im_high = im >> 12, re_low = re & 0xfff, im_low = im & 0xfff;
    const uint32_t high = (uint32_t)(re_high * re_high + im_high * im_high);
    const uint32_t low = (uint32_t)(re_low * re_low + im_low * im_low);
    const int32_t middle = re_high * re_low + im_high * im_low;
    return ((uint64_t)high << 24) + (uint64_t)((int64_t)middle * 8192) + low;
#else
    return (uint64_t)((int64_t)re * re) + (uint64_t)((int64_t)im * im);
#endif
}

/** Leading zeros of x; 32 for 0. */
static inline int ser_leading_zeros(uint32_t x)
{
#if SER_SMALL_CORE
    int zeros = 0;
    if (x == 0)
        return 32;
    if ((x >> 16) == 0) {
        zeros += 16;
        x <<= 16;
    }
    if ((x >> 24) == 0) {
        zeros += 8;
        x <<= 8;
    }
    if ((x >> 28) == 0) {
        zeros += 4;
        x <<= 4;
    }
    if ((x >> 30) == 0) {
        zeros += 2;
        x <<= 2;
    }
    return zeros + (x >> 31 == 0);
#else
    return x == 0 ? 32 : __builtin_clz(x);
#endif
}

/** sum + a[0] b[0] + a[1] b[1]; the caller's ranges keep it within 32 bits. */
static inline int32_t ser_dot2(const int16_t *a, const int16_t *b, int32_t sum)
{
#if SER_DSP
    int32_t a_pair, b_pair;
    __builtin_memcpy(&a_pair, a, sizeof a_pair);
    __builtin_memcpy(&b_pair, b, sizeof b_pair);
    return ser_smlad(a_pair, b_pair, sum);
#else
    return sum + a[0] * b[0] + a[1] * b[1];
#endif
}

/** sum + the products of the low and of the high halves of two words of halves below 2^15. */
static inline uint32_t ser_dot_halves(uint32_t a, uint32_t b, uint32_t sum)
{
#if SER_DSP
    return (uint32_t)ser_smlad((int32_t)a, (int32_t)b, (int32_t)sum);
#else
    return sum + (a & 0xffff) * (b & 0xffff) + (a >> 16) * (b >> 16);
#endif
}

#endif
