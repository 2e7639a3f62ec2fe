/** Twelve bits and a sign: what products and memories of values are made from. */
#ifndef SER_NARROW_H
#define SER_NARROW_H

#include "ser_dsp.h"

/**
 * value / 2^shift, rounded to nearest. A descriptor below 2^bits has the shift max(bits - 12, 0), so that
 * |narrow| <= 2^12.
 */
SER_INLINE int32_t ser_narrow(int32_t value, int shift)
{
    return (value + ((1 << shift) >> 1)) >> shift;
}

#endif
