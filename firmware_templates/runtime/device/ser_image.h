#ifndef SER_IMAGE_H
#define SER_IMAGE_H

#include "ser_selftest.h"

/** Bytes of a block of ser_image_block. */
#define SER_IMAGE_BLOCK 1024u

/** Fill in `image` and `seal`, and the bits of both in `failed`. */
void ser_image_check(struct ser_selftest *found);

/** Blocks of SER_IMAGE_BLOCK bytes in the image; the last may be shorter. */
uint32_t ser_image_blocks(void);

/** CRC-32 of a block: the host, which has the image, finds by it what was damaged. */
uint32_t ser_image_block(uint32_t block);

#endif
