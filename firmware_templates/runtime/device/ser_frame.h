/**
 * @file
 * Frames of the serial protocol, both directions, all integers little-endian:
 *
 *     offset  bytes  field
 *     0       2      sync: 0xA5 0x5A
 *     2       1      version of this protocol: SER_PROTOCOL_VERSION
 *     3       1      type, see ser_device.h
 *     4       2      sequence: chosen by the host, returned in every reply to that frame
 *     6       2      length N of the payload, to the device at most SER_FRAME_PAYLOAD, from it at most
 *                    SER_FRAME_LONGEST
 *     8       N      payload
 *     8 + N   4      CRC-32 (ser_crc32) over bytes 2 ... 8 + N - 1
 *
 * The form of frames is the same in every version, so that either side can tell the other's from its first frame.
 *
 * The reader keeps what it received until it knows it to be a frame. When it is none, it looks for the next sync
 * within what it kept: damage costs the damaged frame and never the one behind it.
 */
#ifndef SER_FRAME_H
#define SER_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sertool.h"

#define SER_PROTOCOL_VERSION 4

enum {
    SER_FRAME_SYNC_0 = 0xA5,
    SER_FRAME_SYNC_1 = 0x5A,
    SER_FRAME_HEADER = 8,
    SER_FRAME_CRC = 4,
    /** Samples of PCM in one frame, behind the four bytes of its offset. */
    SER_FRAME_SAMPLES = 256,
    SER_FRAME_PCM = 4 + 2 * SER_FRAME_SAMPLES,
    SER_FRAME_INPUT = (SER_FEATURES + 3) / 4 * 4,
    SER_FRAME_PAYLOAD = SER_FRAME_PCM > SER_FRAME_INPUT ? SER_FRAME_PCM : SER_FRAME_INPUT,
    SER_FRAME_BYTES = SER_FRAME_HEADER + SER_FRAME_PAYLOAD + SER_FRAME_CRC,
    SER_FRAME_LONGEST = 32768
};

/** A frame that was received; `payload` points into the reader, aligned to four bytes, until ser_frame_drop. */
struct ser_frame {
    uint8_t type;
    uint16_t sequence;
    uint16_t length;
    const uint8_t *payload;
};

/** What the received bytes amount to. */
enum ser_frame_status {
    SER_FRAME_INCOMPLETE, /**< not enough bytes yet */
    SER_FRAME_GOOD,
    SER_FRAME_BAD_VERSION,
    SER_FRAME_TOO_LONG,
    SER_FRAME_BAD_CRC
};

/** State of a reader; all zero is empty. The words are only there to align the payload. */
struct ser_frame_reader {
    uint32_t words[(SER_FRAME_BYTES + 3) / 4];
    size_t count;
};

/** Add a received byte. The reader must have been asked with ser_frame_next since the last one. */
void ser_frame_push(struct ser_frame_reader *reader, uint8_t byte);

/**
 * Judge the received bytes. `frame` is filled as soon as a header is there, also for a bad frame (of which
 * nothing can be trusted). After anything but SER_FRAME_INCOMPLETE call ser_frame_drop.
 */
enum ser_frame_status ser_frame_next(const struct ser_frame_reader *reader, struct ser_frame *frame);

/** Forget the good frame (`bytes` long), or the first byte of a bad one (1), and what no frame begins with. */
void ser_frame_drop(struct ser_frame_reader *reader, size_t bytes);

/** Whole length of a good frame in bytes. */
size_t ser_frame_bytes(const struct ser_frame *frame);

/** The CRC-32 at the end of a good frame: no two frames that a host sends one after the other have the same. */
uint32_t ser_frame_crc(const struct ser_frame *frame);

#endif
