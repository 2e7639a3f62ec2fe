/**
 * @file
 * Flash that a state is kept in, as a board gives it: two pages, one behind the other. The functions are the board's;
 * sertool's platforms have them where their chip can write its own flash.
 *
 * Whether flash took what it was told is found by reading it back, so nothing here reports success.
 */
#ifndef SER_FLASH_H
#define SER_FLASH_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes that are programmed at once: a multiple of what any flash of this kind takes at least. */
#define SER_FLASH_STEP 32u

/** Where the pages are. */
struct ser_pages {
    const uint8_t *begin; /**< of the first page, aligned to four bytes; flash is read as memory */
    uint32_t bytes;       /**< of each page, a multiple of SER_FLASH_STEP: one block that is erased at once, or several */
};

/** The two pages. */
struct ser_pages ser_flash_pages(void);

/** Make every byte of page 0 or 1 0xFF, from its first on. */
void ser_flash_erase(uint32_t page);

/**
 * Program SER_FLASH_STEP bytes that are 0xFF, in their order, and return when they are there.
 *
 * @param at  bytes from `begin` on, a multiple of SER_FLASH_STEP
 */
void ser_flash_program(uint32_t at, const uint32_t words[SER_FLASH_STEP / 4u]);

#ifdef __cplusplus
}
#endif

#endif
