/** Autocorrelation of what a frame has in its lower bins. */
#ifndef SER_CORRELATE_H
#define SER_CORRELATE_H

#include <stdint.h>

#include "ser_frontend_config.h"

/** Bins [first, end) are heard: neither a constant, which under the window has the first two, nor those above. */
#define SER_CORRELATE_FIRST 2
#define SER_CORRELATE_END 128

/** Bits that the sum of the heard powers has to have after the shift. */
#define SER_CORRELATE_BITS 29

/** exp(-2 pi i j / 256). */
extern const uint32_t ser_correlate_units[64];
/** exp(-2 pi i j n / 64), n = 1, 2, 3, for each j < 16. */
extern const uint32_t ser_correlate_twiddles[48];

/**
 * Half the sum over the heard bins of power[k] / 2^shift cos(2 pi k lag / 256): a lag is the 256th part of a frame.
 *
 * @param shift    1 ... 31, brings the sum of the heard powers below 2^SER_CORRELATE_BITS
 * @param products one for each lag 0 ... 127; within 2^18 of exact; |product| < 2^28 + 2^18
 */
void ser_correlate(const uint32_t power[SER_WORK_WORDS], int shift, int32_t products[128]);

#endif
