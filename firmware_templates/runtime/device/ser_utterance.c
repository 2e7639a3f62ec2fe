#include "ser_build.h"
#include "ser_commands.h"
#include "ser_reply.h"
#include "sertool.h"

static bool is_open;
static uint32_t heard;

bool ser_utterance_open(void)
{
    return is_open;
}

static void acknowledge(const struct ser_frame *frame)
{
    ser_reply_begin((uint8_t)(frame->type | SER_REPLY), frame->sequence, 0);
    ser_reply_end();
}

static enum ser_error take_pcm(const struct ser_frame *frame, uint32_t *allowed)
{
    const uint8_t *payload = frame->payload;
    if (frame->length < 6 || frame->length > SER_FRAME_PCM || frame->length % 2 != 0) {
        *allowed = SER_FRAME_PCM;
        return SER_ERROR_LENGTH;
    }
    if (!is_open) {
        return SER_ERROR_ORDER;
    }
    uint32_t offset = payload[0] | (uint32_t)payload[1] << 8 | (uint32_t)payload[2] << 16 | (uint32_t)payload[3] << 24;
    uint32_t samples = (frame->length - 4u) / 2u;
    if (offset != heard) {
        *allowed = heard;
        return SER_ERROR_OFFSET;
    }
    if (samples > SER_BUILD_MAX_SAMPLES - heard) {
        is_open = false;
        *allowed = SER_BUILD_MAX_SAMPLES;
        return SER_ERROR_TOO_MUCH_PCM;
    }
    /* The payload is aligned to four bytes, and both ends are little-endian. */
    ser_push((const int16_t *)(const void *)(payload + 4), samples);
    heard += samples;
    ser_reply_begin(SER_COMMAND_PCM | SER_REPLY, frame->sequence, 4);
    ser_reply_word(heard);
    ser_reply_end();
    return SER_ERROR_NONE;
}

static enum ser_error end(const struct ser_frame *frame)
{
    ser_result result;
    if (!is_open) {
        return SER_ERROR_ORDER;
    }
    is_open = false;
    if (ser_classify(&result) != 0) {
        return SER_ERROR_TOO_SHORT;
    }
    const int32_t *features = ser_features();
    ser_reply_begin(SER_COMMAND_END | SER_REPLY, frame->sequence, 12 + 5 * SER_FEATURES + 2 * SER_CLASSES);
    ser_reply_word((uint32_t)result.label);
    ser_reply_word(result.frames);
    ser_reply_word(result.truncated);
    ser_reply_bytes(features, 4 * SER_FEATURES);
    ser_reply_bytes(ser_input(), SER_FEATURES);
    ser_reply_bytes(result.logits, SER_CLASSES);
    ser_reply_bytes(result.probabilities, SER_CLASSES);
    ser_reply_end();
    return SER_ERROR_NONE;
}

enum ser_error ser_command_utterance(const struct ser_frame *frame, uint32_t *allowed)
{
    if (frame->type == SER_COMMAND_PCM) {
        return take_pcm(frame, allowed);
    }
    if (frame->length != 0) {
        return SER_ERROR_LENGTH;
    }
    if (frame->type == SER_COMMAND_END) {
        return end(frame);
    }
    is_open = frame->type == SER_COMMAND_CLASSIFY;
    if (is_open) {
        heard = 0;
        ser_init();
    }
    acknowledge(frame);
    return SER_ERROR_NONE;
}
