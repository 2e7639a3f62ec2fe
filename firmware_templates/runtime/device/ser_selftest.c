#include "ser_selftest.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "ser_crc32.h"
#include "ser_device.h"
#include "ser_golden.h"
#include "ser_image.h"
#include "ser_port.h"
#include "ser_text.h"
#include "sertool.h"

/** Samples at a time, and of silence before what is to enrol: a level that stays is nobody's voice. */
enum { PIECE = 32, SILENT = 1024, LAST_BIT = 31 };
/** Whether speakers enrol. */
enum { ENROLLS = SER_GOLDEN_ENROLMENT != SER_ENROLLS_NOBODY };

static struct ser_selftest last;

/** A run of the model: what its layers must give, and how many of them were seen. */
struct walk {
    const uint32_t *expected;
    size_t layers;
};

static void compare(size_t stage, uint32_t found, uint32_t expected)
{
    last.failed |= (uint32_t)(found != expected) << (stage < LAST_BIT ? stage : LAST_BIT);
}

static uint32_t crc_of(const void *values, size_t bytes)
{
    return ser_crc32(SER_CRC32_EMPTY, values, bytes);
}

static void check_layer(void *context, size_t layer, const void *values, size_t bytes)
{
    struct walk *walk = context;
    ser_port_watchdog();
    compare(SER_STAGE_LAYER + layer, crc_of(values, bytes), walk->expected[layer]);
    walk->layers++;
}

static void check_result(const ser_result *result, uint32_t expected)
{
    const uint32_t answer[] = {(uint32_t)result->label, result->certainty, result->doubts};
    uint32_t crc = crc_of(answer, sizeof answer);
    crc = ser_crc32(crc, result->logits, SER_CLASSES);
    compare(SER_STAGE_RESULT, ser_crc32(crc, result->probabilities, SER_CLASSES), expected);
}

static void check_model(const int8_t *input, size_t index)
{
    struct walk walk = {ser_golden_layers[index], 0};
    ser_result result;
    ser_run(input, check_layer, &walk, &result);
    check_result(&result, ser_golden_results[1 + index]);
    compare(SER_STAGE_RESULT, (uint32_t)walk.layers, SER_LAYERS);
}

/** A sawtooth of about 200 Hz with noise on it: enough to move every feature, and it takes no flash. */
static void synthesize(int16_t *pcm, uint32_t *phase, uint32_t *noise)
{
    for (size_t i = 0; i < PIECE; i++) {
        *phase += 820u;
        *noise = *noise * 1664525u + 1013904223u;
        pcm[i] = (int16_t)((int32_t)(*phase & 0xFFFFu) / 4 - 8192 + (int32_t)(*noise >> 20) - 2048);
    }
}

static void check_speech(void)
{
    int16_t pcm[PIECE];
    ser_result result = {0};
    uint32_t phase = 0, noise = 1;
    ser_forget();
    for (size_t utterance = 0; utterance < SER_GOLDEN_UTTERANCES; utterance++) {
        ser_init();
        for (size_t done = 0; done < SER_GOLDEN_SAMPLES; done += PIECE) {
            ser_port_watchdog();
            synthesize(pcm, &phase, &noise);
            if (ENROLLS && done < SILENT) {
                memset(pcm, 0, sizeof pcm);
            }
            ser_push(pcm, PIECE);
        }
        (void)ser_classify(&result);
        compare(SER_STAGE_FEATURES, crc_of(ser_features(), 4 * SER_FEATURES), ser_golden_features[utterance]);
        compare(SER_STAGE_INPUT, crc_of(ser_input(), SER_FEATURES), ser_golden_standardized[utterance]);
        if (ENROLLS && utterance == 0) {
            compare(SER_STAGE_INPUT, ser_enroll(), SER_GOLDEN_ENROLMENT);
        }
    }
    check_result(&result, ser_golden_results[0]);
    ser_forget();
}

const struct ser_selftest *ser_selftest_run(void)
{
    last.failed = 0;
    ser_image_check(&last);
    check_speech();
    check_model(ser_input(), 0);
    check_model(ser_golden_input, 1);
    return &last;
}

const struct ser_selftest *ser_selftest_found(void)
{
    return &last;
}

void ser_selftest_say(const struct ser_selftest *found)
{
    ser_text(found->failed == 0 ? "passed" : "FAILED");
    for (size_t stage = 0; stage < SER_STAGE_LAYER + SER_LAYERS; stage++) {
        if ((found->failed >> (stage < LAST_BIT ? stage : LAST_BIT) & 1u) != 0) {
            ser_text(" ");
            ser_text(ser_golden_stages[stage]);
        }
    }
}
