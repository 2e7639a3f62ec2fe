#include "ser_device.h"

#include <stddef.h>

#include "ser_commands.h"
#include "ser_frame.h"
#include "ser_reply.h"

static struct ser_frame_reader reader;
static bool damaged;

static void reply_error(const struct ser_frame *frame, enum ser_error error, uint32_t allowed)
{
    const uint8_t head[4] = {(uint8_t)error, frame->type, 0, 0};
    ser_reply_begin(SER_REPLY_ERROR, frame->sequence, sizeof head + sizeof allowed);
    ser_reply_bytes(head, sizeof head);
    ser_reply_word(allowed);
    ser_reply_end();
}

static void report_damage(const struct ser_frame *frame, enum ser_error error, uint32_t allowed)
{
    if (!damaged) {
        reply_error(frame, error, allowed);
    }
    damaged = true;
}

static void obey(const struct ser_frame *frame)
{
    uint32_t allowed = 0;
    enum ser_error error = ser_command(frame, &allowed);
    if (error != SER_ERROR_NONE) {
        reply_error(frame, error, allowed);
    }
    damaged = false;
}

static void handle_received(void)
{
    struct ser_frame frame;
    for (;;) {
        size_t done = 1;
        switch (ser_frame_next(&reader, &frame)) {
        case SER_FRAME_INCOMPLETE:
            return;
        case SER_FRAME_GOOD:
            done = ser_frame_bytes(&frame);
            obey(&frame);
            break;
        case SER_FRAME_BAD_VERSION:
            report_damage(&frame, SER_ERROR_VERSION, SER_PROTOCOL_VERSION);
            break;
        case SER_FRAME_TOO_LONG:
            report_damage(&frame, SER_ERROR_TOO_LONG, SER_FRAME_PAYLOAD);
            break;
        case SER_FRAME_BAD_CRC:
            report_damage(&frame, SER_ERROR_CRC, 0);
            break;
        }
        ser_frame_drop(&reader, done);
    }
}

void ser_device_receive(uint8_t byte)
{
    ser_frame_push(&reader, byte);
    handle_received();
}

bool ser_device_receiving(void)
{
    return reader.count > 0;
}

void ser_device_timeout(void)
{
    struct ser_frame frame = {0, 0, 0, NULL};
    (void)ser_frame_next(&reader, &frame);
    report_damage(&frame, SER_ERROR_TIMEOUT, SER_FRAME_TIMEOUT_MS);
    while (reader.count > 0) {
        ser_frame_drop(&reader, 1);
        handle_received();
    }
    damaged = false;
}
