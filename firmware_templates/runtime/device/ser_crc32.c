#include "ser_crc32.h"

/** The remainder of a byte is the sum of those of its bits. */
#define BIT(byte, bit, remainder) ((((byte) >> (bit)) & 1u) * (remainder))
#define ONE(byte)                                                                                          \
    (BIT(byte, 0, 0x77073096u) ^ BIT(byte, 1, 0xEE0E612Cu) ^ BIT(byte, 2, 0x076DC419u) ^                   \
     BIT(byte, 3, 0x0EDB8832u) ^ BIT(byte, 4, 0x1DB71064u) ^ BIT(byte, 5, 0x3B6E20C8u) ^                   \
     BIT(byte, 6, 0x76DC4190u) ^ BIT(byte, 7, 0xEDB88320u))
#define FOUR(byte) ONE(byte), ONE((byte) + 1u), ONE((byte) + 2u), ONE((byte) + 3u)
#define SIXTEEN(byte) FOUR(byte), FOUR((byte) + 4u), FOUR((byte) + 8u), FOUR((byte) + 12u)
#define SIXTY_FOUR(byte) SIXTEEN(byte), SIXTEEN((byte) + 16u), SIXTEEN((byte) + 32u), SIXTEEN((byte) + 48u)

/** A byte at a time: 1 KiB, for the whole image goes through here before the device says hello. */
static const uint32_t remainders[256] = {SIXTY_FOUR(0u), SIXTY_FOUR(64u), SIXTY_FOUR(128u), SIXTY_FOUR(192u)};

#define NEXT(crc) ((crc) >> 8 ^ remainders[(crc) & 0xFFu])

static uint32_t add_bytes(uint32_t crc, const uint8_t *next, size_t bytes)
{
    while (bytes-- > 0) {
        crc ^= *next++;
        crc = NEXT(crc);
    }
    return crc;
}

/** The word is read as one, whatever the order of bytes in it; in place, though this file is compiled for size. */
static inline __attribute__((always_inline)) uint32_t add_word(uint32_t crc, const uint8_t *aligned)
{
    const uint8_t *next = __builtin_assume_aligned(aligned, 4);
    crc ^= next[0] | (uint32_t)next[1] << 8 | (uint32_t)next[2] << 16 | (uint32_t)next[3] << 24;
    crc = NEXT(crc);
    crc = NEXT(crc);
    crc = NEXT(crc);
    return NEXT(crc);
}

uint32_t ser_crc32(uint32_t crc, const void *data, size_t bytes)
{
    const uint8_t *next = data;
    const size_t lead = (0u - (uintptr_t)next) & 3u;
    const size_t first = bytes < lead ? bytes : lead;
    crc = add_bytes(~crc, next, first);
    next += first;
    bytes -= first;
    if (bytes >= 16) {
        const uint8_t *end = next + (bytes & ~(size_t)15);
        /* Four words a turn, tested at its end: little more than the table's three instructions a byte. */
        do {
            crc = add_word(crc, next);
            crc = add_word(crc, next + 4);
            crc = add_word(crc, next + 8);
            crc = add_word(crc, next + 12);
            next += 16;
        } while (next != end);
    }
    return ~add_bytes(crc, next, bytes & 15u);
}
