#include "ser_image.h"

#include <stddef.h>

#include "ser_crc32.h"
#include "ser_device.h"
#include "ser_port.h"

static uint32_t crc_of(uint32_t crc, const uint8_t *next, uint32_t bytes)
{
    while (bytes > 0) {
        uint32_t piece = bytes < SER_IMAGE_BLOCK ? bytes : SER_IMAGE_BLOCK;
        ser_port_watchdog();
        crc = ser_crc32(crc, next, piece);
        next += piece;
        bytes -= piece;
    }
    return crc;
}

void ser_image_check(struct ser_selftest *found)
{
    const struct ser_image image = ser_port_image();
    const uint32_t sealed = image.bytes - (uint32_t)sizeof(struct ser_seal);
    /* Volatile, because what the compiler sees of the seal is not what was written after linking. */
    const volatile struct ser_seal *seal = (const volatile void *)(image.begin + sealed);
    uint32_t crc = crc_of(SER_CRC32_EMPTY, image.begin, sealed);
    uint32_t other = 0;
    for (size_t i = 0; i < sizeof seal->mark; i++) {
        other |= (uint8_t)seal->mark[i] ^ (uint32_t)SER_SEAL_MARK[i];
    }
    found->seal = seal->crc;
    found->image = crc_of(crc, image.begin + sealed, (uint32_t)sizeof *seal);
    found->failed |= (uint32_t)(other != 0) << SER_STAGE_SEAL;
    found->failed |= (uint32_t)(other == 0 && crc != found->seal) << SER_STAGE_IMAGE;
}

uint32_t ser_image_blocks(void)
{
    return (ser_port_image().bytes + SER_IMAGE_BLOCK - 1u) / SER_IMAGE_BLOCK;
}

uint32_t ser_image_block(uint32_t block)
{
    const struct ser_image image = ser_port_image();
    const uint32_t begin = block * SER_IMAGE_BLOCK;
    const uint32_t left = image.bytes - begin;
    return crc_of(SER_CRC32_EMPTY, image.begin + begin, left < SER_IMAGE_BLOCK ? left : SER_IMAGE_BLOCK);
}
