/**
 * Inference kernels: int8 activations, packed weights, 32-bit sums, no floating point, no heap.
 *
 * A fully connected layer computes, for each output row r,
 *
 *     sum  = bias[r] + SUM_i weight[r][i] * (input[i] - input zero point)
 *     y[r] = clamp(requantize(sum, multiplier[r], shift[r]) + output zero point)
 *
 * modulo 2^32 in the sum, as TFLite Micro does on machines that wrap. Everything constant about the input
 * (its zero point, the offsets of packed codes) is folded into `bias` when the weights are packed; each
 * kernel says what it expects. One kernel a width, one file a kernel.
 *
 * Packed rows. A row is `stride` 32-bit words. A pair of inputs (2k, 2k + 1) takes the same bit field of a
 * word's low and high half, so that one shift and one mask give two 16-bit lanes. The fields of pairs
 * 0, 1, 2, ... start at bits 0, b, 2b, ... of the halves; floor(16 / b) of them fit in a word. For b = 3, 5, 6
 * and 7 the bits left at the top of the halves are not wasted: over a group of words they make up the
 * group's last pairs, so that a group takes exactly b bits a weight. The inputs that do not fill a group use
 * the same words without the left-over bits. Codes are stored as code + largest code; padding meets an
 * activation of 0. 1 bit has an order of its own, see dense_w1.c.
 *
 * Rows stand in blocks of SER_BLOCK: the first word of each of them, then the second of each, and so on. The
 * last block is padded with rows of 0.
 */
#ifndef SER_KERNELS_H
#define SER_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Rows whose words stand side by side. */
#define SER_BLOCK 4u

/** A fully connected layer; every array is constant and lives in flash. */
struct ser_dense {
    const uint32_t *weights;    /**< blocks of SER_BLOCK * stride words */
    const int32_t *bias;        /**< folded bias of each row */
    const int32_t *multiplier;  /**< of each row, in [2^30, 2^31), or 0 */
    const int8_t *shift;        /**< of each row, -31 ... 30, positive to the left */
    uint16_t inputs;            /**< 1 ... 65535 */
    uint16_t outputs;           /**< 1 ... 65535 */
    uint16_t stride;            /**< words in a row */
    int16_t output_zero_point;
    int16_t lowest;             /**< the clamp, before the zero point is added: -255 ... 255 */
    int16_t highest;
};

/** Softmax over int8 logits: parameters as TFLite derives them from the logits' scale. */
struct ser_softmax {
    int32_t multiplier;         /**< of differences between logits, in [2^30, 2^31) */
    int32_t lowest_difference;  /**< at most 0; a logit further below the largest has probability 0 */
    uint16_t size;              /**< 1 ... 511 */
    uint16_t shift;             /**< to the left, 0 ... 31 */
};

/**
 * Fully connected layers, by width: 1 (codes -1 and +1), 2 (also ternary: -1, 0, +1), and 3 to 8 bits
 * (codes -(2^(b-1) - 1) ... 2^(b-1) - 1).
 *
 * @param layer    the layer, packed for this width
 * @param input    layer->inputs values, of any alignment
 * @param scratch  the prepared input meanwhile: a word for each pair of inputs (8 bits: two), in whole groups
 * @param output   layer->outputs values; may overlap neither input nor scratch
 */
void ser_dense_w1(const struct ser_dense *layer, const int8_t *input, uint32_t *scratch, int8_t *output);
void ser_dense_w2(const struct ser_dense *layer, const int8_t *input, uint32_t *scratch, int8_t *output);
void ser_dense_w3(const struct ser_dense *layer, const int8_t *input, uint32_t *scratch, int8_t *output);
void ser_dense_w4(const struct ser_dense *layer, const int8_t *input, uint32_t *scratch, int8_t *output);
void ser_dense_w5(const struct ser_dense *layer, const int8_t *input, uint32_t *scratch, int8_t *output);
void ser_dense_w6(const struct ser_dense *layer, const int8_t *input, uint32_t *scratch, int8_t *output);
void ser_dense_w7(const struct ser_dense *layer, const int8_t *input, uint32_t *scratch, int8_t *output);
void ser_dense_w8(const struct ser_dense *layer, const int8_t *input, uint32_t *scratch, int8_t *output);

/**
 * Activations of a block of rows, by the rounding that is linked in: double or single.
 *
 * @param row     the block's first row; rows past the layer's last are left out
 * @param sums    SER_BLOCK sums without bias
 * @param output  of the whole layer
 */
void ser_requantize(const struct ser_dense *layer, size_t row, const uint32_t *sums, int8_t *output);

/**
 * Probabilities of logits, scale 1/256 and zero point -128: TFLite Micro's fixed-point reference.
 *
 * @param input   softmax->size logits
 * @param output  softmax->size probabilities; may be the input itself
 */
void ser_softmax_int8(const struct ser_softmax *softmax, const int8_t *input, int8_t *output);

/** Index of the largest of `size` (at least 1) values; the first one wins a tie. */
int32_t ser_argmax_int8(const int8_t *values, size_t size);

#ifdef __cplusplus
}
#endif

#endif
