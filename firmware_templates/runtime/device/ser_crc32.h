#ifndef SER_CRC32_H
#define SER_CRC32_H

#include <stddef.h>
#include <stdint.h>

/** The CRC-32 of no bytes; where every computation begins. */
#define SER_CRC32_EMPTY 0u

/**
 * Continue a CRC-32 (IEEE 802.3: reflected, polynomial 0x04C11DB7, complemented at both ends, as zlib's).
 *
 * @param crc   result so far, SER_CRC32_EMPTY at the beginning
 * @param data  `bytes` bytes of any alignment
 */
uint32_t ser_crc32(uint32_t crc, const void *data, size_t bytes);

#endif
