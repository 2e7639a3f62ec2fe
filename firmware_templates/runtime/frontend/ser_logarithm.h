/** Logarithm of a sum of powers. */
#ifndef SER_LOGARITHM_H
#define SER_LOGARITHM_H

#include "ser_dsp.h"

/** log2(1 + i / 64) in Q16. */
extern const uint16_t ser_log_table[65];

/** log2 of x > 0 in Q16, within 2^-15: leading zeros, and a line between the table's 65 entries. */
SER_INLINE int32_t ser_log2(uint64_t x)
{
#if SER_HOST
    const int32_t exponent = 63, zeros = __builtin_clzll(x);
    const uint32_t mantissa = (uint32_t)((x << zeros) >> 32);
#else
    uint32_t high = (uint32_t)(x >> 32), low = (uint32_t)x;
    int32_t exponent = 63;
    if (high == 0) {
        exponent = 31;
        high = low;
        low = 0;
    }
    const int zeros = ser_leading_zeros(high);
    const uint32_t mantissa = (high << zeros) | ((low >> 1) >> (31 - zeros));
#endif
    const uint32_t index = (mantissa >> 25) & 63, fraction = (mantissa >> 13) & 4095;
    const uint32_t from = ser_log_table[index], to = ser_log_table[index + 1];
    return (exponent - zeros) * 65536 + (int32_t)(from + (((to - from) * fraction) >> 12));
}

#endif
