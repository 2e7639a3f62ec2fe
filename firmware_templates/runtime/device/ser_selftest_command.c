#include "ser_commands.h"
#include "ser_image.h"
#include "ser_port.h"
#include "ser_reply.h"
#include "ser_selftest.h"

void ser_command_selftest(const struct ser_frame *frame)
{
    const struct ser_selftest *found = ser_selftest_run();
    const uint32_t blocks = ser_image_blocks();
    struct ser_memory memory;
    ser_port_memory(&memory);
    ser_reply_begin(SER_COMMAND_SELFTEST | SER_REPLY, frame->sequence, (6 + blocks) * 4);
    ser_reply_word(found->failed);
    ser_reply_word(found->image);
    ser_reply_word(found->seal);
    ser_reply_word(memory.stack);
    ser_reply_word(memory.stack_used);
    ser_reply_word(blocks);
    for (uint32_t block = 0; block < blocks; block++) {
        ser_reply_word(ser_image_block(block));
    }
    ser_reply_end();
}
