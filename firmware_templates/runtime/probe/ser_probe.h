/** What the engines on a computer call: the library and the emulated core, never an image. */
#ifndef SER_PROBE_H
#define SER_PROBE_H

#include <stddef.h>
#include <stdint.h>

/**
 * Run the model on `count` inputs, one after another.
 *
 * @param traces  what every layer of the first inference gave, in order and without gaps, then of the second, ...
 */
void ser_probe_run(const int8_t *inputs, size_t count, uint32_t *arena, uint8_t *traces);

/**
 * Classify an utterance through the public functions.
 *
 * @param input    the model's input, SER_FEATURES values
 * @param summary  label, frames, truncated, certainty, doubts; then the logits and the probabilities
 * @return what ser_classify() returned; nothing is written unless it is 0
 */
int ser_probe_classify(int32_t *features, int8_t *input, int32_t *summary);

#endif
