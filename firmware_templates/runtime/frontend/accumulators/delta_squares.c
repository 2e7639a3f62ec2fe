#include "ser_delta_squares.h"

void ser_count_delta_squares(int64_t *squares, const int16_t *delta, int count)
{
    for (int i = 0; i < count; i++) {
        squares[i] += delta[i] * delta[i];
    }
}
