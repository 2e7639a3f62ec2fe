#include "ser_commands.h"
#include "ser_port.h"
#include "ser_reply.h"
#include "ser_selftest.h"

void ser_command_selftest(const struct ser_frame *frame)
{
    struct ser_selftest found = ser_selftest_run();
    struct ser_memory memory;
    ser_port_memory(&memory);
    ser_reply_begin(SER_COMMAND_SELFTEST | SER_REPLY, frame->sequence, 6 * 4);
    ser_reply_word(found.vectors);
    ser_reply_word(found.failed);
    ser_reply_word(found.first_failed);
    ser_reply_word(found.speech);
    ser_reply_word(memory.stack);
    ser_reply_word(memory.stack_used);
    ser_reply_end();
}
