/**
 * Sums of products of several rows' packed codes, two 16-bit lanes at a time.
 *
 * A field of a packed word is a pair of codes, one in each half. Codes are stored without sign, offset by the
 * largest one, and activations are taken as x + 128, so that everything here is unsigned; the packer and the
 * kernels' `prepare` account for both offsets.
 *
 * With the DSP extension, SMLAD multiplies both lanes with both activations of a pair. Without it, one 32-bit
 * multiplication of (u0 + u1 * 2^16) by (x1 + x0 * 2^16) has u0 * x0 + u1 * x1 in its upper half; the lower half
 * holds u0 * x1, which is thrown away, and must not carry. So the partial sums are cut to their upper halves
 * (`ser_lanes_flush`) before either half can overflow: after at most 65535 / (2 * 255 * largest code) pairs.
 */
#ifndef SER_LANES_H
#define SER_LANES_H

#include <stddef.h>
#include <stdint.h>

#if defined(__ARM_FEATURE_SIMD32)
#include <arm_acle.h>
#define SER_LANES_SIMD 1
#else
#define SER_LANES_SIMD 0
#endif

#if defined(__ARM_ARCH_ISA_THUMB) && __ARM_ARCH_ISA_THUMB == 1
#define SER_THUMB1 1
#else
#define SER_THUMB1 0
#endif

/** Rows that share an activation's load: as many as the core's registers hold. A divisor of SER_BLOCK. */
#if SER_LANES_SIMD
#define SER_ROWS 4u
#elif SER_THUMB1 && defined(SER_ONE_ROW)
#define SER_ROWS 1u
#else
#define SER_ROWS 2u
#endif

/** What the functions below do for each of the rows; loops over rows and fields have to be unrolled. */
#define SER_UNROLL _Pragma("GCC unroll 8")

#define SER_INLINE static inline __attribute__((always_inline))

struct ser_lanes {
    uint32_t sum[SER_ROWS];
    uint32_t partial[SER_ROWS]; /* without SIMD: the sum in the upper half, refuse in the lower */
};

/** Hide a constant's value: a mask in a register joins its shift in one instruction, an immediate does not. */
SER_INLINE uint32_t ser_in_register(uint32_t value)
{
    __asm__("" : "+r"(value));
    return value;
}

SER_INLINE void ser_lanes_add(struct ser_lanes *rows, size_t row, uint32_t codes, uint32_t pair)
{
#if SER_LANES_SIMD
    rows->sum[row] = (uint32_t)__smlad((int16x2_t)codes, (int16x2_t)pair, (int32_t)rows->sum[row]);
#else
    rows->partial[row] += codes * pair;
#endif
}

/** `ser_lanes_add` of what `mask` leaves of `word`. */
SER_INLINE void ser_lanes_field(struct ser_lanes *rows, size_t row, uint32_t word, uint32_t mask, uint32_t pair)
{
#if SER_THUMB1
    /* Left alone, GCC 12 sums several products at once and runs out of ARMv6-M's eight registers. */
    __asm__(".syntax unified\n\tands %0, %0, %2\n\tmuls %0, %3, %0\n\tadds %1, %1, %0"
            : "+l"(word), "+l"(rows->partial[row])
            : "l"(mask), "l"(pair)
            : "cc");
#else
    ser_lanes_add(rows, row, word & mask, pair);
#endif
}

SER_INLINE void ser_lanes_flush(struct ser_lanes *rows)
{
#if !SER_LANES_SIMD
    SER_UNROLL
    for (size_t row = 0; row < SER_ROWS; row++) {
        rows->sum[row] += rows->partial[row] >> 16;
        rows->partial[row] = 0;
    }
#else
    (void)rows;
#endif
}

/**
 * The first `fields` fields of `bits` bits of a word of each row, times as many pairs.
 *
 * @param words  the rows' words, side by side
 * @param flush  pairs after which the partial sums are cut
 */
SER_INLINE void ser_lanes_word(struct ser_lanes *rows, const uint32_t *words, const uint32_t *pairs,
    unsigned bits, unsigned fields, unsigned flush)
{
    const uint32_t mask = ser_in_register(((1u << bits) - 1u) * 0x00010001u);
    uint32_t word[SER_ROWS];

    SER_UNROLL
    for (size_t row = 0; row < SER_ROWS; row++) {
        word[row] = words[row];
    }
    SER_UNROLL
    for (unsigned k = 0; k < fields; k++) {
        SER_UNROLL
        for (size_t row = 0; row < SER_ROWS; row++) {
            ser_lanes_field(rows, row, word[row] >> (k * bits), mask, pairs[k]);
        }
        if (k % flush == flush - 1u || k == fields - 1u) {
            ser_lanes_flush(rows);
        }
    }
}

/**
 * Spread int8 inputs over pairs of 16-bit lanes, each x + 128, padded with 0; return the sum of all x + 128.
 *
 * @param pairs  `count` words: count * 2 is at least `inputs`
 */
uint32_t ser_prepare_pairs(const int8_t *input, size_t inputs, uint32_t *pairs, size_t count);

#endif
