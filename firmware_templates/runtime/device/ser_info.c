#include "ser_build.h"
#include "ser_commands.h"
#include "ser_port.h"
#include "ser_reply.h"
#include "ser_selftest.h"
#include "sertool.h"

enum { WORDS = 16 };

/**
 * Words: payload that a frame may carry to the device, features, classes, layers, samples a second, samples in
 * an utterance at most, bytes of flash, of RAM, of stack reserved, of stack used, utterances of the speaker that
 * were heard and the most that count (0: standardization follows nobody), causes of the last reset (enum ser_reset),
 * stages of the self-test that failed (enum ser_stage), CRC-32 of the image, CRC-32 that its seal says.
 * Text, each line ended by a line feed: name, version, target, manifest hash, then the labels.
 */
void ser_command_info(const struct ser_frame *frame)
{
    static const char text[] = SER_BUILD_TEXT;
    __extension__ _Static_assert(WORDS * 4 + sizeof text <= SER_FRAME_LONGEST, "the reply to INFO fits in a frame");
    const struct ser_selftest *found = ser_selftest_found();
    struct ser_memory memory;
    ser_port_memory(&memory);
    ser_reply_begin(SER_COMMAND_INFO | SER_REPLY, frame->sequence, WORDS * 4 + sizeof text - 1);
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
    ser_reply_word(ser_heard());
    ser_reply_word(SER_MOST_HEARD);
    ser_reply_word(ser_port_reset_cause());
    ser_reply_word(found->failed);
    ser_reply_word(found->image);
    ser_reply_word(found->seal);
    ser_reply_bytes(text, sizeof text - 1);
    ser_reply_end();
}
