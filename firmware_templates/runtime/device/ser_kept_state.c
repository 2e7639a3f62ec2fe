#include "ser_kept_state.h"

#include "ser_device.h"
#include "ser_reply.h"
#include "ser_selftest.h"
#include "ser_text.h"
#include "sertool.h"

/** At the last reset, and the last time that it was asked for. */
static enum ser_kept found = SER_KEPT_UNREAD;
static enum ser_kept became;

static bool image_is_whole(void)
{
    return ser_selftest_found()->failed == 0;
}

static void reply(const struct ser_frame *frame, enum ser_kept kept)
{
    ser_reply_begin((uint8_t)(frame->type | SER_REPLY), frame->sequence, 4);
    ser_reply_word(kept);
    ser_reply_end();
}

enum ser_kept ser_kept_state_recall(void)
{
    found = image_is_whole() ? ser_recall() : SER_KEPT_UNREAD;
    return found;
}

void ser_kept_state_say(enum ser_kept kept)
{
    static const char *const names[] = {"none", "state", "foreign", "damaged", "moved", "worn", "unread"};
    ser_text(" kept=");
    ser_text(names[kept]);
}

bool ser_command_of_kept(const struct ser_frame *frame, bool again)
{
    if (frame->type == SER_COMMAND_KEPT) {
        reply(frame, found);
        return true;
    }
    if (frame->type == SER_COMMAND_KEEP && !again) {
        became = image_is_whole() ? ser_keep() : SER_KEPT_UNREAD;
    }
    if (frame->type == SER_COMMAND_KEEP) {
        reply(frame, became);
    }
    return frame->type == SER_COMMAND_KEEP;
}

bool ser_kept_state_forget(uint32_t *why)
{
    ser_forget();
    const enum ser_kept left = image_is_whole() ? ser_forget_kept() : SER_KEPT_UNREAD;
    *why = left;
    return left == SER_KEPT_NONE || left == SER_KEPT_MOVED;
}
