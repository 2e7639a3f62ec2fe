#include "ser_frame.h"

#include <string.h>

#include "ser_crc32.h"

static uint16_t half_at(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] | (uint32_t)bytes[1] << 8);
}

static uint32_t word_at(const uint8_t *bytes)
{
    return half_at(bytes) | (uint32_t)half_at(bytes + 2) << 16;
}

static bool may_begin_frame(const uint8_t *bytes, size_t count)
{
    return bytes[0] == SER_FRAME_SYNC_0 && (count == 1 || bytes[1] == SER_FRAME_SYNC_1);
}

void ser_frame_push(struct ser_frame_reader *reader, uint8_t byte)
{
    uint8_t *bytes = (uint8_t *)reader->words;
    bytes[reader->count++] = byte;
    if (!may_begin_frame(bytes, reader->count)) {
        ser_frame_drop(reader, 1);
    }
}

enum ser_frame_status ser_frame_next(const struct ser_frame_reader *reader, struct ser_frame *frame)
{
    const uint8_t *bytes = (const uint8_t *)reader->words;
    if (reader->count < SER_FRAME_HEADER) {
        return SER_FRAME_INCOMPLETE;
    }
    frame->type = bytes[3];
    frame->sequence = half_at(bytes + 4);
    frame->length = half_at(bytes + 6);
    frame->payload = bytes + SER_FRAME_HEADER;
    if (bytes[2] != SER_PROTOCOL_VERSION) {
        return SER_FRAME_BAD_VERSION;
    }
    if (frame->length > SER_FRAME_PAYLOAD) {
        return SER_FRAME_TOO_LONG;
    }
    if (reader->count < ser_frame_bytes(frame)) {
        return SER_FRAME_INCOMPLETE;
    }
    uint32_t actual = ser_crc32(SER_CRC32_EMPTY, bytes + 2, SER_FRAME_HEADER - 2u + frame->length);
    return ser_frame_crc(frame) == actual ? SER_FRAME_GOOD : SER_FRAME_BAD_CRC;
}

void ser_frame_drop(struct ser_frame_reader *reader, size_t dropped)
{
    uint8_t *bytes = (uint8_t *)reader->words;
    while (dropped < reader->count && !may_begin_frame(bytes + dropped, reader->count - dropped)) {
        dropped++;
    }
    reader->count -= dropped;
    memmove(bytes, bytes + dropped, reader->count);
}

size_t ser_frame_bytes(const struct ser_frame *frame)
{
    return SER_FRAME_HEADER + (size_t)frame->length + SER_FRAME_CRC;
}

uint32_t ser_frame_crc(const struct ser_frame *frame)
{
    return word_at(frame->payload + frame->length);
}
