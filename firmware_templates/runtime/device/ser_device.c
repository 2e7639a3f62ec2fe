#include "ser_device.h"

#include <stddef.h>

#include "ser_commands.h"
#include "ser_frame.h"
#include "ser_reply.h"

static struct ser_frame_reader reader;

/** CRC-32 of the frame that was obeyed last. */
static uint32_t obeyed;

static void reply_error(const struct ser_frame *frame, enum ser_error error, uint32_t allowed)
{
    const uint8_t head[4] = {(uint8_t)error, frame->type, 0, 0};
    ser_reply_begin(SER_REPLY_ERROR, frame->sequence, sizeof head + sizeof allowed);
    ser_reply_bytes(head, sizeof head);
    ser_reply_word(allowed);
    ser_reply_end();
}

static void obey(const struct ser_frame *frame)
{
    uint32_t allowed = 0;
    uint32_t crc = ser_frame_crc(frame);
    enum ser_error error = ser_command(frame, crc == obeyed, &allowed);
    if (error == SER_ERROR_NONE) {
        obeyed = crc;
    } else {
        reply_error(frame, error, allowed);
    }
}

/** Damage is reported once, not again for what looks like a frame within it. */
static void handle_received(bool reported)
{
    struct ser_frame frame;
    enum ser_frame_status status;
    while ((status = ser_frame_next(&reader, &frame)) != SER_FRAME_INCOMPLETE) {
        if (status == SER_FRAME_GOOD) {
            obey(&frame);
            ser_frame_drop(&reader, ser_frame_bytes(&frame));
            continue;
        }
        if (!reported && status == SER_FRAME_BAD_VERSION) {
            reply_error(&frame, SER_ERROR_VERSION, SER_PROTOCOL_VERSION);
        } else if (!reported && status == SER_FRAME_TOO_LONG) {
            reply_error(&frame, SER_ERROR_TOO_LONG, SER_FRAME_PAYLOAD);
        } else if (!reported) {
            reply_error(&frame, SER_ERROR_CRC, 0);
        }
        reported = true;
        ser_frame_drop(&reader, 1);
    }
}

void ser_device_receive(uint8_t byte)
{
    ser_frame_push(&reader, byte);
    handle_received(false);
}

bool ser_device_receiving(void)
{
    return reader.count > 0;
}

void ser_device_timeout(void)
{
    struct ser_frame frame = {0, 0, 0, NULL};
    (void)ser_frame_next(&reader, &frame);
    reply_error(&frame, SER_ERROR_TIMEOUT, SER_FRAME_TIMEOUT_MS);
    while (reader.count > 0) {
        ser_frame_drop(&reader, 1);
        handle_received(true);
    }
}
