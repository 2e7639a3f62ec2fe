#include "ser_commands.h"

#include "ser_reply.h"

static bool needs_the_model(uint8_t type)
{
    return type == SER_COMMAND_RUN || type == SER_COMMAND_SELFTEST || type == SER_COMMAND_FORGET;
}

enum ser_error ser_command(const struct ser_frame *frame, bool again, uint32_t *allowed)
{
    switch (frame->type) {
    case SER_COMMAND_INFO:
    case SER_COMMAND_RUN:
    case SER_COMMAND_SELFTEST:
    case SER_COMMAND_FORGET:
        break;
    case SER_COMMAND_CLASSIFY:
    case SER_COMMAND_PCM:
    case SER_COMMAND_END:
    case SER_COMMAND_ABORT:
        return ser_command_utterance(frame, again, allowed);
    default:
        return SER_ERROR_UNKNOWN_TYPE;
    }
    uint32_t length = frame->type == SER_COMMAND_RUN ? SER_FEATURES : 0u;
    if (frame->length != length) {
        *allowed = length;
        return SER_ERROR_LENGTH;
    }
    if (needs_the_model(frame->type) && ser_utterance_open()) {
        return SER_ERROR_ORDER;
    }
    if (frame->type == SER_COMMAND_INFO) {
        ser_command_info(frame);
    } else if (frame->type == SER_COMMAND_RUN) {
        ser_command_run(frame);
    } else if (frame->type == SER_COMMAND_FORGET) {
        ser_command_forget(frame);
    } else {
        ser_command_selftest(frame);
    }
    return SER_ERROR_NONE;
}
