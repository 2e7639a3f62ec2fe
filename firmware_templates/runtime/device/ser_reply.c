#include "ser_reply.h"

#include "ser_crc32.h"
#include "ser_frame.h"
#include "ser_port.h"

static uint32_t crc_so_far;

void ser_reply_begin(uint8_t type, uint16_t sequence, size_t length)
{
    static const uint8_t sync[2] = {SER_FRAME_SYNC_0, SER_FRAME_SYNC_1};
    const uint8_t header[SER_FRAME_HEADER - 2] = {
        SER_PROTOCOL_VERSION,     type,
        (uint8_t)sequence,        (uint8_t)(sequence >> 8),
        (uint8_t)(length & 0xFFu), (uint8_t)(length >> 8 & 0xFFu),
    };
    ser_port_watchdog();
    ser_port_write(sync, sizeof sync);
    crc_so_far = SER_CRC32_EMPTY;
    ser_reply_bytes(header, sizeof header);
}

void ser_reply_bytes(const void *data, size_t bytes)
{
    crc_so_far = ser_crc32(crc_so_far, data, bytes);
    ser_port_write(data, bytes);
}

void ser_reply_word(uint32_t value)
{
    const uint8_t bytes[4] = {
        (uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16), (uint8_t)(value >> 24),
    };
    ser_reply_bytes(bytes, sizeof bytes);
}

void ser_reply_end(void)
{
    /* The CRC does not cover itself, so what this does to crc_so_far is of no matter. */
    ser_reply_word(crc_so_far);
}
