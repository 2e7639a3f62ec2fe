#include "ser_selftest.h"

#include <stddef.h>

#include "ser_crc32.h"
#include "ser_golden.h"
#include "sertool.h"

enum { PIECE = 32 };

static bool passed;

static bool vector_holds(size_t index)
{
    ser_result result;
    ser_run(ser_golden_inputs[index], NULL, NULL, &result);
    bool equal = (uint32_t)result.label == ser_golden_labels[index];
    for (size_t i = 0; i < SER_CLASSES; i++) {
        equal = equal && result.logits[i] == ser_golden_logits[index][i];
    }
    return equal;
}

/* A sawtooth of about 200 Hz with noise on it: enough to move every feature, and it takes no flash. */
static void synthesize(int16_t *pcm, uint32_t *phase, uint32_t *noise)
{
    for (size_t i = 0; i < PIECE; i++) {
        *phase += 820u;
        *noise = *noise * 1664525u + 1013904223u;
        pcm[i] = (int16_t)((int32_t)(*phase & 0xFFFFu) / 4 - 8192 + (int32_t)(*noise >> 20) - 2048);
    }
}

static bool speech_holds(void)
{
    int16_t pcm[PIECE];
    ser_result result;
    uint32_t phase = 0, noise = 1;
    ser_init();
    for (size_t done = 0; done < SER_GOLDEN_SAMPLES; done += PIECE) {
        synthesize(pcm, &phase, &noise);
        ser_push(pcm, PIECE);
    }
    if (ser_classify(&result) != 0) {
        return false;
    }
    return ser_crc32(SER_CRC32_EMPTY, ser_features(), 4 * SER_FEATURES) == SER_GOLDEN_FEATURES_CRC32;
}

struct ser_selftest ser_selftest_run(void)
{
    struct ser_selftest found = {SER_GOLDENS, 0, SER_GOLDENS, false};
    for (uint32_t index = 0; index < SER_GOLDENS; index++) {
        if (!vector_holds(index)) {
            found.first_failed = found.failed == 0 ? index : found.first_failed;
            found.failed++;
        }
    }
    found.speech = speech_holds();
    passed = found.failed == 0 && found.speech;
    return found;
}

bool ser_selftest_passed(void)
{
    return passed;
}
