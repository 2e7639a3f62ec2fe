#include "ser_skewness.h"

#include "ser_divide.h"
#include "ser_magnitude.h"

/* Sums of squares about the mean below this are small enough for exact products. */
#define SMALL (1 << 20)

int32_t ser_skewness(int64_t sum, int64_t squares, int64_t cubes, uint32_t total)
{
    const struct ser_magnitude spread = ser_spread(sum, squares, total);
    if (spread.mantissa == 0) {
        return 0;
    }
    /*
     * Sums of powers about the mean rounded down, then about the mean. A difference is at most 3 * 2^14, so that the
     * sum of cubes is below 2^62.8; the sum of squares is below 2^45.3, and thrice its product with `rest` 2^62.8.
     */
    const int64_t count = total;
    const int64_t mean = ser_floor_divide(sum, total), rest = sum - mean * count;
    const int64_t second = squares - mean * (sum + rest);
    const int64_t third = (int64_t)((uint64_t)cubes - 3 * (uint64_t)mean * (uint64_t)squares +
                                    3 * (uint64_t)(mean * mean) * (uint64_t)sum -
                                    (uint64_t)(mean * mean * mean) * (uint64_t)count);
    int64_t moment;
    struct ser_magnitude size;
    if (second < SMALL) {
        /* |third| <= second^1.5 <= 2^30. */
        moment = third * count * count - 3 * count * rest * second + 2 * rest * rest * rest;
        size = ser_magnitude_of(moment);
    } else {
        /* What the division drops is less than 2^-20 of the deviation's cube times the count. */
        const int64_t dropped = (int64_t)ser_divide((uint64_t)(2 * rest * rest * rest), total);
        moment = third - ser_floor_divide(3 * rest * second - dropped, total);
        size = ser_times(ser_magnitude_of(moment), ser_magnitude_from((uint64_t)(count * count)));
    }
    const int32_t skewness = ser_fixed(ser_over(size, ser_times(spread, ser_root(spread))), 15);
    return moment < 0 ? -skewness : skewness;
}
