#include "ser_squares.h"

#include "ser_dsp.h"

void ser_count_squares(int64_t *squares, const int32_t *values, int count)
{
    SER_UNROLL(4)
    for (int i = 0; i < count; i++) {
        squares[i] += ser_square_value(values[i]);
    }
}
