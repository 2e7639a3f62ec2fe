/**
 * Numbers from 0 of any size, to 32 bits: what ratios of sums are computed with, once an utterance.
 *
 * Every result is rounded down by less than 2^-31 of itself, 2^-30 where it comes from a division.
 */
#ifndef SER_MAGNITUDE_H
#define SER_MAGNITUDE_H

#include <stdint.h>

/** Features saturate here. */
#define SER_LARGEST ((1 << 24) - 1)

/** mantissa * 2^exponent; the mantissa's first bit is set, or all of it is 0. */
struct ser_magnitude {
    uint32_t mantissa;
    int32_t exponent;
};

struct ser_magnitude ser_magnitude_from(uint64_t x);
struct ser_magnitude ser_times(struct ser_magnitude a, struct ser_magnitude b);
/** a / b, b > 0. */
struct ser_magnitude ser_over(struct ser_magnitude a, struct ser_magnitude b);
struct ser_magnitude ser_root(struct ser_magnitude a);

/** a * 2^bits, rounded down, at most SER_LARGEST. */
int32_t ser_fixed(struct ser_magnitude a, int bits);

/**
 * Variance times the square of `total`, of values x with weights w >= 0 (or counts) that add up to `total`.
 *
 * Exact to 2^-31 however close all values are to each other.
 *
 * @param sum of w x; |x| <= 2^19, |sum| < 2^44.
 * @param squares sum of w x^2, < 2^57.
 * @param total 1 ... 2^31 - 1.
 */
struct ser_magnitude ser_spread(int64_t sum, int64_t squares, uint32_t total);

/** |x|. */
static inline struct ser_magnitude ser_magnitude_of(int64_t x)
{
    return ser_magnitude_from(x < 0 ? 0 - (uint64_t)x : (uint64_t)x);
}

#endif
