#include "ser_build.h"
#include "ser_commands.h"
#include "ser_crc32.h"
#include "ser_reply.h"
#include "sertool.h"

enum { RESULT_BYTES = 24 + 5 * SER_FEATURES + 2 * SER_CLASSES };

__extension__ _Static_assert((int)RESULT_BYTES <= (int)SER_FRAME_LONGEST, "the reply to END fits in a frame");

static bool is_open;
/** Samples of the utterance so far, and their CRC-32. */
static uint32_t heard;
static uint32_t sound;
/** Doubts about the one that ended last. */
static uint32_t doubts;

bool ser_utterance_open(void)
{
    return is_open;
}

static void acknowledge(const struct ser_frame *frame)
{
    ser_reply_begin((uint8_t)(frame->type | SER_REPLY), frame->sequence, 0);
    ser_reply_end();
}

static void acknowledge_pcm(const struct ser_frame *frame)
{
    ser_reply_begin(SER_COMMAND_PCM | SER_REPLY, frame->sequence, 4);
    ser_reply_word(heard);
    ser_reply_end();
}

static enum ser_error take_pcm(const struct ser_frame *frame, bool again, uint32_t *allowed)
{
    const uint8_t *payload = frame->payload;
    if (frame->length < 6 || frame->length > SER_FRAME_PCM || frame->length % 2 != 0) {
        *allowed = SER_FRAME_PCM;
        return SER_ERROR_LENGTH;
    }
    if (!is_open) {
        return SER_ERROR_ORDER;
    }
    if (again) {
        acknowledge_pcm(frame);
        return SER_ERROR_NONE;
    }
    uint32_t offset = payload[0] | (uint32_t)payload[1] << 8 | (uint32_t)payload[2] << 16 | (uint32_t)payload[3] << 24;
    uint32_t samples = (frame->length - 4u) / 2u;
    if (offset != heard) {
        *allowed = heard;
        return SER_ERROR_OFFSET;
    }
    if (samples > SER_BUILD_MAX_SAMPLES - heard) {
        *allowed = SER_BUILD_MAX_SAMPLES;
        return SER_ERROR_TOO_MUCH_PCM;
    }
    /* The payload is aligned to four bytes, and both ends are little-endian. */
    ser_push((const int16_t *)(const void *)(payload + 4), samples);
    sound = ser_crc32(sound, payload + 4, 2 * samples);
    heard += samples;
    acknowledge_pcm(frame);
    return SER_ERROR_NONE;
}

static enum ser_error end(const struct ser_frame *frame, bool again)
{
    ser_result result;
    if (!is_open && !again) {
        return SER_ERROR_ORDER;
    }
    if (ser_classify(&result) != 0) {
        return SER_ERROR_TOO_SHORT;
    }
    is_open = false;
    doubts = result.doubts;
    const int32_t *features = ser_features();
    ser_reply_begin(SER_COMMAND_END | SER_REPLY, frame->sequence, RESULT_BYTES);
    ser_reply_word((uint32_t)result.label);
    ser_reply_word(result.frames);
    ser_reply_word(result.truncated);
    ser_reply_word(sound);
    ser_reply_word(result.certainty);
    ser_reply_word(result.doubts);
    ser_reply_bytes(features, 4 * SER_FEATURES);
    ser_reply_bytes(ser_input(), SER_FEATURES);
    ser_reply_bytes(result.logits, SER_CLASSES);
    ser_reply_bytes(result.probabilities, SER_CLASSES);
    ser_reply_end();
    return SER_ERROR_NONE;
}

enum ser_error ser_command_enroll(const struct ser_frame *frame, bool again, uint32_t *allowed)
{
    const enum ser_enrolment became = again ? SER_ENROLLED : ser_enroll();
    switch (became) {
    case SER_ENROLLED:
        break;
    case SER_NOTHING_HEARD:
        return SER_ERROR_ORDER;
    case SER_UNSUITABLE:
        *allowed = doubts & SER_DOUBTS_OF_SOUND;
        return SER_ERROR_UNSUITABLE;
    case SER_ENOUGH_HEARD:
        *allowed = SER_MOST_HEARD;
        return SER_ERROR_ENOUGH_HEARD;
    default:
        return SER_ERROR_ENROLLS_NOBODY;
    }
    ser_reply_begin(SER_COMMAND_ENROLL | SER_REPLY, frame->sequence, 4);
    ser_reply_word(ser_heard());
    ser_reply_end();
    return SER_ERROR_NONE;
}

void ser_command_forget(const struct ser_frame *frame)
{
    ser_forget();
    acknowledge(frame);
}

enum ser_error ser_command_utterance(const struct ser_frame *frame, bool again, uint32_t *allowed)
{
    if (frame->type == SER_COMMAND_PCM) {
        return take_pcm(frame, again, allowed);
    }
    if (frame->length != 0) {
        return SER_ERROR_LENGTH;
    }
    if (frame->type == SER_COMMAND_END) {
        return end(frame, again);
    }
    is_open = frame->type == SER_COMMAND_CLASSIFY;
    if (is_open) {
        heard = 0;
        sound = SER_CRC32_EMPTY;
        ser_init();
    } else {
        ser_disregard();
    }
    acknowledge(frame);
    return SER_ERROR_NONE;
}
