#include "ser_commands.h"

#include "ser_build.h"
#include "ser_reply.h"
#if SER_BUILD_KEEPS
#include "ser_kept_state.h"
#endif

static bool needs_the_model(uint8_t type)
{
#if SER_BUILD_KEEPS
    if (type == SER_COMMAND_KEEP || type == SER_COMMAND_KEPT) {
        return true;
    }
#endif
    return type == SER_COMMAND_RUN || type == SER_COMMAND_SELFTEST || type == SER_COMMAND_FORGET
           || type == SER_COMMAND_ENROLL;
}

enum ser_error ser_command(const struct ser_frame *frame, bool again, uint32_t *allowed)
{
    switch (frame->type) {
    case SER_COMMAND_INFO:
    case SER_COMMAND_RUN:
    case SER_COMMAND_SELFTEST:
    case SER_COMMAND_FORGET:
#if SER_BUILD_KEEPS
    case SER_COMMAND_KEEP:
    case SER_COMMAND_KEPT:
#endif
    case SER_COMMAND_ENROLL:
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
#if SER_BUILD_KEEPS
    if (ser_command_of_kept(frame, again)) {
        return SER_ERROR_NONE;
    }
    if (frame->type == SER_COMMAND_FORGET && !ser_kept_state_forget(allowed)) {
        return SER_ERROR_NOT_FORGOTTEN;
    }
#endif
    if (frame->type == SER_COMMAND_ENROLL) {
        return ser_command_enroll(frame, again, allowed);
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
