/*
 * Sums of products of two rows' packed codes, two 16-bit lanes at a time.
 *
 * A field of a packed word is a pair of codes, one in each half. Codes are stored without sign, offset by the
 * largest one, and activations are taken as x + 128, so that everything here is unsigned; the packer and
 * `ser_prepare_pairs` account for both offsets.
 *
 * With the DSP extension, SMLAD multiplies both lanes with both activations of a pair. Without it, one 32-bit
 * multiplication of (u0 + u1 * 2^16) by (x1 + x0 * 2^16) has u0 * x0 + u1 * x1 in its upper half; the lower half
 * holds u0 * x1, which is thrown away, and must not carry. So the two rows' partial sums are cut to their upper
 * halves (`ser_lanes_flush`) before either half can overflow: after at most 65535 / (2 * 255 * largest code)
 * pairs.
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

/** Sums of two rows: an activation is loaded once for both. */
struct ser_lanes {
    uint32_t a;
    uint32_t b;
    uint32_t partial_a; /* without SIMD: the sum in the upper half, refuse in the lower */
    uint32_t partial_b;
};

/** Hide a constant's value: a mask in a register joins its shift in one instruction, an immediate does not. */
static inline uint32_t ser_in_register(uint32_t value)
{
    __asm__("" : "+r"(value));
    return value;
}

static inline void ser_lanes_add(struct ser_lanes *sums, uint32_t codes_a, uint32_t codes_b, uint32_t pair)
{
#if SER_LANES_SIMD
    sums->a = (uint32_t)__smlad((int16x2_t)codes_a, (int16x2_t)pair, (int32_t)sums->a);
    sums->b = (uint32_t)__smlad((int16x2_t)codes_b, (int16x2_t)pair, (int32_t)sums->b);
#else
    sums->partial_a += codes_a * pair;
    sums->partial_b += codes_b * pair;
#endif
}

static inline void ser_lanes_flush(struct ser_lanes *sums)
{
#if !SER_LANES_SIMD
    sums->a += sums->partial_a >> 16;
    sums->b += sums->partial_b >> 16;
    sums->partial_a = 0;
    sums->partial_b = 0;
#else
    (void)sums;
#endif
}

/** The first `count` fields of `bits` bits of a word of each row, times as many pairs. */
static inline __attribute__((always_inline)) void ser_lanes_word(struct ser_lanes *sums, uint32_t word_a,
    uint32_t word_b, const uint32_t *pairs, unsigned bits, unsigned count, unsigned flush)
{
    const uint32_t mask = ser_in_register(((1u << bits) - 1u) * 0x00010001u);

#pragma GCC unroll 8
    for (unsigned k = 0; k < count; k++) {
        ser_lanes_add(sums, (word_a >> (k * bits)) & mask, (word_b >> (k * bits)) & mask, pairs[k]);
        if (k % flush == flush - 1u) {
            ser_lanes_flush(sums);
        }
    }
    if (count % flush != 0u) {
        ser_lanes_flush(sums);
    }
}

/**
 * Spread int8 inputs over pairs of 16-bit lanes, each x + 128, padded with 0; return the sum of all x + 128.
 *
 * @param pairs  `count` words: count * 2 is at least `inputs`
 */
uint32_t ser_prepare_pairs(const int8_t *input, size_t inputs, uint32_t *pairs, size_t count);

#endif
