#include "ser_magnitude.h"

#include "ser_divide.h"
#include "ser_dsp.h"
#include "ser_square_root.h"

struct ser_magnitude ser_magnitude_from(uint64_t x)
{
    struct ser_magnitude result = {0, 0};
    if (x >> 32) {
        const int zeros = ser_leading_zeros((uint32_t)(x >> 32));
        result.mantissa = (uint32_t)(x >> (32 - zeros));
        result.exponent = 32 - zeros;
    } else if (x > 0) {
        const int zeros = ser_leading_zeros((uint32_t)x);
        result.mantissa = (uint32_t)x << zeros;
        result.exponent = -zeros;
    }
    return result;
}

struct ser_magnitude ser_times(struct ser_magnitude a, struct ser_magnitude b)
{
    struct ser_magnitude result = ser_magnitude_from((uint64_t)a.mantissa * b.mantissa);
    result.exponent += a.exponent + b.exponent;
    return result;
}

struct ser_magnitude ser_over(struct ser_magnitude a, struct ser_magnitude b)
{
    struct ser_magnitude result = ser_magnitude_from(((uint64_t)a.mantissa << 32) / b.mantissa);
    result.exponent += a.exponent - b.exponent - 32;
    return result;
}

struct ser_magnitude ser_root(struct ser_magnitude a)
{
    const int shift = 32 - (a.exponent & 1);
    const struct ser_magnitude result = {ser_square_root((uint64_t)a.mantissa << shift), (a.exponent - shift) / 2};
    return result;
}

int32_t ser_fixed(struct ser_magnitude a, int bits)
{
    const int shift = -(a.exponent + bits);
    if (a.mantissa == 0 || shift > 31) {
        return 0;
    }
    return shift < 8 ? SER_LARGEST : (int32_t)(a.mantissa >> shift);
}

struct ser_magnitude ser_spread(int64_t sum, int64_t squares, uint32_t total)
{
    /* About the mean rounded down, so that nothing cancels: sum w (x - m)^2 = squares - m (sum + rest). */
    const int64_t mean = ser_floor_divide(sum, total);
    const uint64_t rest = (uint64_t)(sum - mean * total);
    const uint64_t about = (uint64_t)(squares - mean * (sum + (int64_t)rest));
    if (about >> 32) {
        return ser_times(ser_magnitude_from(about - ser_divide(rest * rest, total)), ser_magnitude_from(total));
    }
    return ser_magnitude_from(about * total - rest * rest);
}
