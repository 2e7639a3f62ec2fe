/**
 * @file
 * Frames to the host, sent while they are made: a reply needs no buffer, whatever its length.
 */
#ifndef SER_REPLY_H
#define SER_REPLY_H

#include <stddef.h>
#include <stdint.h>

/** Begin a frame; exactly `length` bytes of payload must follow before ser_reply_end. */
void ser_reply_begin(uint8_t type, uint16_t sequence, size_t length);

/** Send bytes of the payload. */
void ser_reply_bytes(const void *data, size_t bytes);

/** Send four bytes of the payload, little-endian. */
void ser_reply_word(uint32_t value);

/** Send the CRC-32. */
void ser_reply_end(void);

#endif
