#include "sertool.h"

#include <string.h>

#include "ser_doubts.h"
#include "ser_frontend.h"
#include "ser_standardizer.h"

__extension__ _Static_assert(SER_FEATURES == SER_INPUTS, "the front end's features are the model's inputs");

static struct ser_frontend frontend;
static int32_t last_features[SER_FEATURES];
static int8_t last_input[SER_FEATURES];
static struct ser_speaker speaker;
/* Whether `last_features` are of the utterance at hand, so that it may count for the speaker; whether it enrolled. */
static bool classified;
static bool enrolled;
/* Doubts about its sound. */
static uint32_t sound_doubts;
static uint32_t arena[SER_ARENA_WORDS];

/** Whether the utterance at hand counts by itself: somebody speaks in it. */
static bool counts(void)
{
    return !SER_ENROLLS && classified && (sound_doubts & SER_DOUBT_NO_VOICE) == 0;
}

void ser_init(void)
{
    if (counts()) {
        ser_follow(&speaker, last_features);
    }
    classified = false;
    enrolled = false;
    ser_frontend_reset(&frontend);
}

enum ser_enrolment ser_enroll(void)
{
    if (!SER_ENROLLS) {
        return SER_ENROLLS_NOBODY;
    }
    if (!classified || enrolled) {
        return SER_NOTHING_HEARD;
    }
    if (speaker.heard == SER_MOST_HEARD) {
        return SER_ENOUGH_HEARD;
    }
    if (sound_doubts != 0) {
        return SER_UNSUITABLE;
    }
    ser_follow(&speaker, last_features);
    enrolled = true;
    return SER_ENROLLED;
}

void ser_disregard(void)
{
    classified = false;
}

void ser_forget(void)
{
    memset(&speaker, 0, sizeof speaker);
    classified = false;
}

#if SER_FOLLOWS
struct ser_speaker *ser_speaker_at_hand(void)
{
    return &speaker;
}
#endif

uint32_t ser_heard(void)
{
    const uint32_t heard = speaker.heard + (uint32_t)counts();
    return heard > SER_MOST_HEARD ? SER_MOST_HEARD : heard;
}

void ser_push(const int16_t *pcm, size_t samples)
{
    ser_frontend_push(&frontend, pcm, samples);
}

int ser_classify(ser_result *result)
{
    if (frontend.sound.frames == 0) {
        return SER_TOO_SHORT;
    }
    if (ser_frontend_finish(&frontend, last_features) == 0) {
        ser_standardize(&speaker, last_features, last_input);
    } else {
        memset(last_features, 0, sizeof last_features);
        memset(last_input, 0, sizeof last_input);
    }
    ser_run(last_input, NULL, NULL, result);
    result->frames = frontend.frames;
    result->truncated = frontend.truncated;
    sound_doubts = ser_doubts_of_sound(&frontend.sound, frontend.frames);
    result->doubts |= sound_doubts;
    result->certainty = ser_certainty_of(result->doubts);
    classified = true;
    return 0;
}

const int32_t *ser_features(void)
{
    return last_features;
}

const int8_t *ser_input(void)
{
    return last_input;
}

void ser_run(const int8_t input[SER_FEATURES], ser_trace_fn trace, void *context, ser_result *result)
{
    const int8_t *const bytes = (const int8_t *)arena;

    ser_model_run(input, arena, trace, context);
    memcpy(result->logits, bytes + SER_LOGITS_AT, SER_CLASSES);
    memcpy(result->probabilities, bytes + SER_PROBABILITIES_AT, SER_CLASSES);
    memcpy(&result->label, bytes + SER_LABEL_AT, sizeof result->label);
    result->frames = 0;
    result->truncated = false;
    result->doubts = ser_doubts_of_label(input, result->probabilities, result->label);
    result->certainty = ser_certainty_of(result->doubts);
}
