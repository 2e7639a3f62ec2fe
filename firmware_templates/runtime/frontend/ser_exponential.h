/** Powers of two, what ser_log2() takes back. */
#ifndef SER_EXPONENTIAL_H
#define SER_EXPONENTIAL_H

#include "ser_dsp.h"

/** 2^(i / 32) - 1 in Q16. */
extern const uint16_t ser_exponential_table[33];

/** floor of about 2^(log / 1024), within 2^-13 of itself; 0 for log < 0. log < 32 * 1024. */
SER_INLINE uint32_t ser_exp2(int32_t log)
{
    if (log < 0) {
        return 0;
    }
    const uint32_t index = ((uint32_t)log >> 5) & 31, fraction = (uint32_t)log & 31;
    const uint32_t from = ser_exponential_table[index], to = ser_exponential_table[index + 1];
    const uint32_t mantissa = 65536 + from + (((to - from) * fraction) >> 5);
    return (mantissa << 15) >> (31 - (log >> 10));
}

#endif
