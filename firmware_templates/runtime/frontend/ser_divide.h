/** Division that rounds down, whatever the signs. */
#ifndef SER_DIVIDE_H
#define SER_DIVIDE_H

#include <stdint.h>

/** floor(dividend / divisor), divisor > 0. */
static inline int64_t ser_floor_divide(int64_t dividend, int64_t divisor)
{
    const int64_t quotient = dividend / divisor;
    return quotient - (quotient * divisor > dividend);
}

#endif
