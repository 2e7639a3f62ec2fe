#include "lanes.h"

static inline uint32_t pair_of(uint32_t first, uint32_t second)
{
#if SER_LANES_SIMD
    return first | second << 16;
#else
    return second | first << 16;
#endif
}

uint32_t ser_prepare_pairs(const int8_t *input, size_t inputs, uint32_t *pairs, size_t count)
{
    const int8_t *const end = input + (inputs & ~(size_t)1);
    const uint32_t *const last = pairs + count;
    uint32_t sum = 0;

    while (input != end) {
        const uint32_t first = (uint32_t)(input[0] + 128);
        const uint32_t second = (uint32_t)(input[1] + 128);
        *pairs++ = pair_of(first, second);
        sum += first + second;
        input += 2;
    }
    if (inputs % 2u != 0u) {
        const uint32_t first = (uint32_t)(input[0] + 128);
        *pairs++ = pair_of(first, 0);
        sum += first;
    }
    while (pairs != last) {
        *pairs++ = 0;
    }
    return sum;
}
