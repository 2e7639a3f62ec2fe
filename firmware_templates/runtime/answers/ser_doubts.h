/** What makes an answer doubtful. Its numbers are rendered from the model's: ser_answer_config.h. */
#ifndef SER_DOUBTS_H
#define SER_DOUBTS_H

#include <stdint.h>

#include "ser_certainty.h"
#include "ser_model.h"
#include "ser_sound.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Doubts about a sound of at least one frame.
 *
 * @param counted frames that count
 * @return bits of enum ser_doubt
 */
uint32_t ser_doubts_of_sound(const struct ser_sound *sound, uint32_t counted);

/**
 * Doubts about what the model made of an utterance.
 *
 * @param input          what it read
 * @param probabilities  what it gave, in 256ths less 128
 * @param label          the most probable of them
 * @return bits of enum ser_doubt
 */
uint32_t ser_doubts_of_label(const int8_t input[SER_INPUTS], const int8_t probabilities[SER_CLASSES], int32_t label);

/** What doubts come to. */
enum ser_certainty ser_certainty_of(uint32_t doubts);

#ifdef __cplusplus
}
#endif

#endif
