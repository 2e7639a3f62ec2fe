/**
 * Softmax in fixed point, after TFLite's reference kernel (kernels/internal/reference/softmax.h) and gemmlowp's
 * fixedpoint.h. Qm.n below has m integer and n fractional bits beside the sign.
 */
#include "fixed_point.h"
#include "ser_kernels.h"

/** Q0.31 */
#define EXP_MINUS_ONE_EIGHTH 1895147668
#define ONE_THIRD 715827883
/** Q2.29 */
#define FORTY_EIGHT_OVER_17 1515870810
#define MINUS_32_OVER_17 (-1010580540)
/** Q5.26 */
#define ONE_QUARTER (1 << 24)

/** One copy of it: a softmax is small, and ARMv6-M takes twenty instructions for each. */
static __attribute__((noinline)) int32_t product(int32_t a, int32_t b)
{
    return ser_doubling_high_mul(a, b);
}

/** exp(a) in Q0.31 for a in [-1/4, 0), Q0.31: a quartic about -1/8. */
static int32_t exp_near_zero(int32_t a)
{
    const int32_t x = a + (1 << 28);
    const int32_t x2 = product(x, x);
    const int32_t x3 = product(x2, x);
    const int32_t x4 = product(x2, x2);
    const int32_t cubic = product(ser_rounding_divide(x4, 2) + x3, ONE_THIRD);
    const int32_t rest = ser_rounding_divide(cubic + x2, 1);

    return EXP_MINUS_ONE_EIGHTH + product(EXP_MINUS_ONE_EIGHTH, x + rest);
}

/** exp(a) in Q0.31 for a <= 0 in Q5.26: the quartic, and a factor for each quarter, half, 1, 2, ... below it. */
static int32_t exp_of_negative(int32_t a)
{
    /* exp(-2^k) for k = -2 ... 4, Q0.31 */
    static const int32_t factors[] = {1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};
    const int32_t fraction = (a & (ONE_QUARTER - 1)) - ONE_QUARTER;
    const uint32_t quarters = (uint32_t)(fraction - a) / ONE_QUARTER;
    int32_t result = exp_near_zero(fraction * 32);

    if (a == 0) {
        return INT32_MAX;
    }
    for (unsigned k = 0; k < sizeof factors / sizeof factors[0]; k++) {
        if (((quarters >> k) & 1u) != 0u) {
            result = product(result, factors[k]);
        }
    }
    return result;
}

/** 1 / (1 + x) in Q0.31 for x in [0, 1), Q0.31: three Newton-Raphson steps. */
static int32_t one_over_one_plus(int32_t x)
{
    /* (x + 1) / 2: the sum is never negative, so rounding half away from zero is rounding half up. */
    const int32_t half = (int32_t)(((uint32_t)x + 0x80000000u) >> 1);
    int32_t estimate = FORTY_EIGHT_OVER_17 + product(half, MINUS_32_OVER_17);

    for (int step = 0; step < 3; step++) {
        const int32_t error = (1 << 29) - product(half, estimate);

        estimate += product(estimate, error) * 4;
    }
    return estimate >= 1 << 30 ? INT32_MAX : estimate * 2;
}

/** Scaled difference of a logit from the largest, Q5.26. */
static int32_t scaled_difference(const struct ser_softmax *softmax, int32_t difference)
{
    return product((int32_t)((uint32_t)difference << softmax->shift), softmax->multiplier);
}

void ser_softmax_int8(const struct ser_softmax *softmax, const int8_t *input, int8_t *output)
{
    const int32_t largest = input[ser_argmax_int8(input, softmax->size)];
    int32_t sum = 0; /* Q12.19 */
    int headroom = 0;

    for (size_t i = 0; i < softmax->size; i++) {
        const int32_t difference = input[i] - largest;

        if (difference >= softmax->lowest_difference) {
            sum += ser_rounding_divide(exp_of_negative(scaled_difference(softmax, difference)), 12);
        }
    }
    while (((uint32_t)sum << headroom) < 0x80000000u) {
        headroom++;
    }
    const int32_t scale = one_over_one_plus((int32_t)(((uint32_t)sum << headroom) - 0x80000000u));

    for (size_t i = 0; i < softmax->size; i++) {
        const int32_t difference = input[i] - largest;
        int32_t code = -128;

        if (difference >= softmax->lowest_difference) {
            const int32_t power = exp_of_negative(scaled_difference(softmax, difference));

            code += ser_rounding_divide(product(scale, power), 12 - headroom + 31 - 8);
        }
        output[i] = (int8_t)(code > 127 ? 127 : code);
    }
}
