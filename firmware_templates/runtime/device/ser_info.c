#include "ser_build.h"
#include "ser_commands.h"
#include "ser_port.h"
#include "ser_reply.h"
#include "ser_selftest.h"
#include "sertool.h"

/*
 * Words: payload that a frame may carry to the device, features, classes, layers, samples a second, samples in
 * an utterance at most, bytes of flash, of RAM, of stack reserved, of stack used, self-test passed (1) or not.
 * Text, each line ended by a line feed: name, version, target, manifest hash, then the labels.
 */
void ser_command_info(const struct ser_frame *frame)
{
    static const char text[] = SER_BUILD_TEXT;
    __extension__ _Static_assert(11 * 4 + sizeof text <= SER_FRAME_LONGEST, "the reply to INFO fits in a frame");
    struct ser_memory memory;
    ser_port_memory(&memory);
    ser_reply_begin(SER_COMMAND_INFO | SER_REPLY, frame->sequence, 11 * 4 + sizeof text - 1);
    ser_reply_word(SER_FRAME_PAYLOAD);
    ser_reply_word(SER_FEATURES);
    ser_reply_word(SER_CLASSES);
    ser_reply_word(SER_LAYERS);
    ser_reply_word(SER_BUILD_SAMPLE_RATE);
    ser_reply_word(SER_BUILD_MAX_SAMPLES);
    ser_reply_word(memory.flash);
    ser_reply_word(memory.ram);
    ser_reply_word(memory.stack);
    ser_reply_word(memory.stack_used);
    ser_reply_word(ser_selftest_passed());
    ser_reply_bytes(text, sizeof text - 1);
    ser_reply_end();
}
