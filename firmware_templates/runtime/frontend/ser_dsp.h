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

/** A test may say which kind of core it wants to see at work on a host. */
#ifndef SER_HOST
#if defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M'
#define SER_HOST 0
#else
#define SER_HOST 1
#endif
#endif

#ifndef SER_SMALL_CORE
#if !SER_HOST && !defined(__ARM_FEATURE_CLZ)
#define SER_SMALL_CORE 1
#else
#define SER_SMALL_CORE 0
#endif
#endif

/** For functions whose arguments are constants, or that cost less than a call. */
#define SER_INLINE static inline __attribute__((always_inline))

/** Unrolls the loop that follows. */
#if defined(__clang__)
#define SER_UNROLL(times) SER_PRAGMA(clang loop unroll_count(times))
#else
#define SER_UNROLL(times) SER_PRAGMA(GCC unroll times)
#endif
/** Promises that the passes of the loop that follows do not depend on each other. Clang warns where no vectors are. */
#if defined(__clang__) && !SER_HOST
#define SER_INDEPENDENT
#elif defined(__clang__)
#define SER_INDEPENDENT SER_PRAGMA(clang loop vectorize(assume_safety))
#else
#define SER_INDEPENDENT SER_PRAGMA(GCC ivdep)
#endif
#define SER_PRAGMA(text) _Pragma(#text)

/** Makes the compiler forget where the value of a variable came from. */
#if SER_HOST
#define SER_FORGET(variable)
#else
#define SER_FORGET(variable) __asm__("" : "+r"(variable))
#endif

/** Keeps the compiler from mixing two blocks of work whose values together do not fit the registers. */
#if SER_HOST || SER_SMALL_CORE
#define SER_KEEP_ORDER()
#else
#define SER_KEEP_ORDER() __asm__ volatile("" ::: "memory")
#endif

#if SER_DSP
/** GCC 12's arm_acle.h has no smulwb, and its smlawb and smlad keep track of an overflow flag that nobody reads. */

SER_INLINE int32_t ser_smulwb(int32_t x, int32_t y)
{
    int32_t product;
    __asm__("smulwb %0, %1, %2" : "=r"(product) : "r"(x), "r"(y));
    return product;
}

SER_INLINE int32_t ser_smulwt(int32_t x, int32_t y)
{
    int32_t product;
    __asm__("smulwt %0, %1, %2" : "=r"(product) : "r"(x), "r"(y));
    return product;
}

SER_INLINE int32_t ser_smlawb(int32_t x, int32_t y, int32_t sum)
{
    __asm__("smlawb %0, %1, %2, %0" : "+r"(sum) : "r"(x), "r"(y));
    return sum;
}

SER_INLINE int32_t ser_smlawt(int32_t x, int32_t y, int32_t sum)
{
    __asm__("smlawt %0, %1, %2, %0" : "+r"(sum) : "r"(x), "r"(y));
    return sum;
}

SER_INLINE int32_t ser_smlad(int32_t x, int32_t y, int32_t sum)
{
    __asm__("smlad %0, %1, %2, %0" : "+r"(sum) : "r"(x), "r"(y));
    return sum;
}
#endif

/** floor(x * factor / 2^16), factor in Q15 of 16 bits: x times half the factor's value. */
SER_INLINE int32_t ser_scale(int32_t x, int32_t factor)
{
#if SER_DSP
    return ser_smulwb(x, factor);
#elif !SER_SMALL_CORE
    return (int32_t)(((int64_t)x * (factor * 65536)) >> 32);
#else
    return (x >> 16) * factor + (((x & 0xffff) * factor) >> 16);
#endif
}

/** A unit vector: cosine in the low half, sine in the high half, Q15 each. */
typedef uint32_t ser_unit;

/** Half of (re + i im) (cosine + i sine), each of the four products rounded down. */
SER_INLINE void ser_rotate(int32_t re, int32_t im, ser_unit unit, int32_t *out_re, int32_t *out_im)
{
#if SER_DSP
    *out_re = ser_smulwb(re, (int32_t)unit) - ser_smulwt(im, (int32_t)unit);
    *out_im = ser_smlawb(im, (int32_t)unit, ser_smulwt(re, (int32_t)unit));
#elif !SER_SMALL_CORE
    const int32_t cosine = (int32_t)(unit << 16), sine = (int32_t)(unit & 0xffff0000u);
    *out_re = (int32_t)(((int64_t)re * cosine) >> 32) - (int32_t)(((int64_t)im * sine) >> 32);
    *out_im = (int32_t)(((int64_t)im * cosine) >> 32) + (int32_t)(((int64_t)re * sine) >> 32);
#else
    const int32_t cosine = (int16_t)unit, sine = (int32_t)unit >> 16;
    *out_re = ser_scale(re, cosine) - ser_scale(im, sine);
    *out_im = ser_scale(im, cosine) + ser_scale(re, sine);
#endif
}

/**
 * (re + i im) (cosine + i sine) for less than 30 degrees, each of the four products rounded down; the low half of
 * `unit` is one minus the cosine, the high half the sine, both Q16.
 */
SER_INLINE void ser_rotate_little(int32_t re, int32_t im, ser_unit unit, int32_t *out_re, int32_t *out_im)
{
#if SER_DSP
    *out_re = re - ser_smlawt(im, (int32_t)unit, ser_smulwb(re, (int32_t)unit));
    *out_im = ser_smlawt(re, (int32_t)unit, im - ser_smulwb(im, (int32_t)unit));
#else
    const int32_t versine = (int16_t)unit, sine = (int32_t)unit >> 16;
    *out_re = re - (ser_scale(re, versine) + ser_scale(im, sine));
    *out_im = im - ser_scale(im, versine) + ser_scale(re, sine);
#endif
}

/** re * re + im * im for |re|, |im| <= 2^24. */
SER_INLINE uint64_t ser_square(int32_t re, int32_t im)
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

/** value * value for |value| <= 2^19. */
SER_INLINE int64_t ser_square_value(int32_t value)
{
#if SER_SMALL_CORE
    const int32_t high = value >> 10, low = value & 0x3ff;
    return ((int64_t)(high * high) << 20) + (high * low * 2048 + low * low);
#else
    return (int64_t)value * value;
#endif
}

/** sum + x * weight, weight of 16 bits. */
SER_INLINE uint64_t ser_weigh(uint64_t sum, uint32_t x, uint32_t weight)
{
#if SER_SMALL_CORE
    const uint32_t high = (x >> 16) * weight;
    return sum + (x & 0xffff) * weight + ((uint64_t)high << 16);
#else
    return sum + (uint64_t)x * weight;
#endif
}

/** The low word of x / 2^shift for 1 <= shift <= 31, x in two words; `factor` is 2^(32 - shift), for speed. */
SER_INLINE uint32_t ser_shift_down(uint32_t low, uint32_t high, int shift, uint32_t factor)
{
#if SER_SMALL_CORE || SER_HOST
    (void)factor;
    return (low >> shift) | ((high << 1) << (31 - shift));
#else
    (void)shift;
    return (uint32_t)(((uint64_t)low * factor) >> 32) + high * factor;
#endif
}

/** Store a number of 64 bits as two words, the low one first. */
SER_INLINE void ser_store_words(int32_t *words, uint64_t x)
{
#if SER_HOST
    __builtin_memcpy(words, &x, sizeof x);
#else
    words[0] = (int32_t)(uint32_t)x;
    words[1] = (int32_t)(uint32_t)(x >> 32);
#endif
}

/** Store a complex point; both parts are ready before either is stored, so that one instruction can do it. */
SER_INLINE void ser_store_point(int32_t *point, int32_t re, int32_t im)
{
#if !SER_HOST && !SER_SMALL_CORE
    __asm__("" : "+r"(re), "+r"(im));
#endif
    point[0] = re;
    point[1] = im;
}

/** Copy two words. */
SER_INLINE void ser_copy_words(int32_t *to, const int32_t *from)
{
    __builtin_memcpy(to, from, 2 * sizeof to[0]);
}

/** Leading zeros of x > 0. */
SER_INLINE int ser_leading_zeros(uint32_t x)
{
#if SER_SMALL_CORE
    int zeros = 0;
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
    return __builtin_clz(x);
#endif
}

/** sum + a[0] b[0] + a[1] b[1]; the caller's ranges keep it within 32 bits. */
SER_INLINE int32_t ser_dot2(const int16_t *a, const int16_t *b, int32_t sum)
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

/** sum + floor(a * low half of factors / 2^16) + floor(b * high half / 2^16), halves signed. */
SER_INLINE int32_t ser_scale_pair(int32_t a, int32_t b, uint32_t factors, int32_t sum)
{
#if SER_DSP
    return ser_smlawt(b, (int32_t)factors, ser_smlawb(a, (int32_t)factors, sum));
#elif !SER_SMALL_CORE
    sum += (int32_t)(((int64_t)a * (int32_t)(factors << 16)) >> 32);
    return sum + (int32_t)(((int64_t)b * (int32_t)(factors & 0xffff0000u)) >> 32);
#else
    return sum + ser_scale(a, (int16_t)factors) + ser_scale(b, (int32_t)factors >> 16);
#endif
}

#endif
