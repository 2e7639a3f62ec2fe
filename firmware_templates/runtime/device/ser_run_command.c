#include "ser_commands.h"
#include "ser_reply.h"
#include "sertool.h"

__extension__ _Static_assert(4 + SER_ARENA_BYTES <= SER_FRAME_LONGEST, "every layer fits in a frame");

/** Sends a layer's values on while they stand in the arena, so that no copy of them is ever kept. */
static void send_layer(void *context, size_t layer, const void *values, size_t bytes)
{
    const struct ser_frame *frame = context;
    ser_reply_begin(SER_REPLY_LAYER, frame->sequence, 4 + bytes);
    ser_reply_word((uint32_t)layer);
    ser_reply_bytes(values, bytes);
    ser_reply_end();
}

void ser_command_run(const struct ser_frame *frame)
{
    struct ser_frame replied = *frame;
    ser_result result;
    ser_run((const int8_t *)frame->payload, send_layer, &replied, &result);
    ser_reply_begin(SER_COMMAND_RUN | SER_REPLY, frame->sequence, 4 + 2 * SER_CLASSES);
    ser_reply_word((uint32_t)result.label);
    ser_reply_bytes(result.logits, SER_CLASSES);
    ser_reply_bytes(result.probabilities, SER_CLASSES);
    ser_reply_end();
}
