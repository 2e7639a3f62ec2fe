#include "ser_kernels.h"

int32_t ser_argmax_int8(const int8_t *values, size_t size)
{
    size_t best = 0;

    for (size_t i = 1; i < size; i++) {
        if (values[i] > values[best]) {
            best = i;
        }
    }
    return (int32_t)best;
}
