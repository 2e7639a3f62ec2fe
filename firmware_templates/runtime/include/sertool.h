/**
 * Speech emotion recognition: 16-bit PCM or a feature vector in, a label out. No heap, no floating point.
 *
 * One utterance at a time: the functions share one set of static buffers and are not for use from an interrupt and
 * a thread at once. A typical use:
 *
 *     ser_init();
 *     while (speaking) {
 *         ser_push(pcm, samples);
 *     }
 *     if (ser_classify(&result) == 0 && result.certainty == SER_SURE) {
 *         use(ser_labels[result.label]);
 *     }
 */
#ifndef SERTOOL_H
#define SERTOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ser_certainty.h"       /* enum ser_certainty, enum ser_doubt */
#include "ser_frontend_config.h" /* SER_FEATURES, SER_TOO_SHORT, SER_MAX_FRAMES */
#include "ser_model.h"           /* SER_CLASSES, SER_LAYERS, ser_labels */
#include "ser_standardizer_config.h" /* SER_MOST_HEARD */

#ifdef __cplusplus
extern "C" {
#endif

/** The sertool that made these sources. */
#define SERTOOL_VERSION "0.1.0"

/** What was recognized. */
typedef struct {
    int32_t label;                     /**< 0 ... SER_CLASSES - 1 */
    uint32_t frames;                   /**< frames of sound that count; 0 in silence, and from ser_run() */
    bool truncated;                    /**< the utterance was longer than SER_MAX_FRAMES; its rest was ignored */
    enum ser_certainty certainty;      /**< whether to believe the label */
    uint32_t doubts;                   /**< why not: bits of enum ser_doubt; from ser_run() those about its input */
    int8_t logits[SER_CLASSES];        /**< outputs of the last fully connected layer */
    int8_t probabilities[SER_CLASSES]; /**< (probability + 128) / 256 is the softmax of the logits */
} ser_result;

/** What became of an utterance that was to enrol. */
enum ser_enrolment {
    SER_ENROLLED = 0,
    SER_NOTHING_HEARD = 1, /**< nothing was classified since ser_init(), or it was disregarded, or has enrolled */
    SER_UNSUITABLE = 2,    /**< doubts about the sound (enum ser_doubt, up to SER_DOUBT_NO_VOICE) say why */
    SER_ENOUGH_HEARD = 3,  /**< the speaker has enrolled with SER_MOST_HEARD: ser_forget() first */
    SER_ENROLLS_NOBODY = 4  /**< the model was trained with another standardization than enrolled */
};

/**
 * Begin a new utterance. The one before is forgotten, but counts for its speaker if a voice was classified and
 * speakers do not enrol.
 */
void ser_init(void);

/** Hear more of the utterance. Pieces of any size, 0 included, give the same result as the whole at once. */
void ser_push(const int16_t *pcm, size_t samples);

/**
 * Recognize what was heard since ser_init(). The utterance may go on afterwards; it counts once for its speaker,
 * as it was heard last.
 *
 * Where nobody speaks there is an answer too: SER_NO_VOICE, which does not count for the speaker. If no frame counts,
 * features and input are 0.
 *
 * @return 0, or SER_TOO_SHORT when no whole frame was heard: then nothing is written
 */
int ser_classify(ser_result *result);

/**
 * Take what was classified since ser_init() for a neutral utterance of the speaker, given on purpose: a button, a
 * command. From then on the speaker's own neutral point is taken off what is heard. Anything but SER_ENROLLED
 * changes nothing.
 */
enum ser_enrolment ser_enroll(void);

/** Let what was classified since ser_init() not count for the speaker: it was no speech, or somebody else's. */
void ser_disregard(void);

/**
 * Forget the speaker: the next utterance is the first of somebody new. Where a speaker is kept in flash (ser_keeping.h),
 * ser_forget_kept() forgets there too.
 */
void ser_forget(void);

/** Utterances that count for the speaker, or that enrolled, at most SER_MOST_HEARD; 0 where nobody is followed. */
uint32_t ser_heard(void);

/** The SER_FEATURES features of the last successful ser_classify(), before standardization. */
const int32_t *ser_features(void);

/** The standardized int8 features that the model read in the last successful ser_classify(). */
const int8_t *ser_input(void);

/**
 * Run the model on given features.
 *
 * @param input    standardized int8 features; what ser_input() gives stays as it was
 * @param trace    called after each layer, or NULL
 * @param context  handed to `trace`
 */
void ser_run(const int8_t input[SER_FEATURES], ser_trace_fn trace, void *context, ser_result *result);

#ifdef __cplusplus
}
#endif

#endif
