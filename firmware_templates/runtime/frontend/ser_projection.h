/** Some rows of a cosine transform on a folded vector. */
#ifndef SER_PROJECTION_H
#define SER_PROJECTION_H

#include "ser_dsp.h"

/** Products that are summed before the sum is cut by 2^7; keeps it within 32 bits. */
#define SER_PROJECTION_CHUNK 32

/**
 * Rows first, first + step, ... below `end` of the DCT on `vector` of `length` (a multiple of 4) values.
 *
 * @param shift by which a sum of products is divided, to the nearest, at least 8
 * @return the row after the last one used
 */
static inline const int16_t *ser_project(const int16_t *vector, int length, const int16_t *row, int first,
                                         int step, int end, int shift, int32_t *coefficients)
{
    const int32_t half = 1 << (shift - 8);
    for (int k = first; k < end; k += step, row += length) {
        int32_t sum = half;
        for (int from = 0; from < length; from += SER_PROJECTION_CHUNK) {
            const int to = from + SER_PROJECTION_CHUNK < length ? from + SER_PROJECTION_CHUNK : length;
            int32_t chunk = 0;
            for (int j = from; j < to; j += 4) {
                chunk = ser_dot2(vector + j + 2, row + j + 2, ser_dot2(vector + j, row + j, chunk));
            }
            sum += chunk >> 7;
        }
        coefficients[k] = sum >> (shift - 7);
    }
    return row;
}

#endif
