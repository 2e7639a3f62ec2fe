/**
 * @file
 * States in two pages of flash, the newest of which counts.
 *
 * A record is written behind the newest one while its page has room, so a page is erased once for all that fit in it;
 * then the other page is erased, and begun. The newest record is never erased, and a record ends with the CRC-32 of
 * all before it, so at every moment the newest whole one is the last that was kept, or the one being kept. Words:
 *
 *     SER_JOURNAL_MARK, which also is the format
 *     bytes of the state; none: nobody is known
 *     sequence: one more than that of the record before, modulo 2^32
 *     fingerprint of what the state belongs to
 *     state, then zeros up to a multiple of SER_FLASH_STEP less four bytes
 *     CRC-32 of all before it
 *
 * Records begin at multiples of SER_FLASH_STEP and may be of any length, so those of another model are found too.
 */
#ifndef SER_JOURNAL_H
#define SER_JOURNAL_H

#include <stdint.h>

#include "ser_flash.h"
#include "ser_keeping.h"

#ifdef __cplusplus
extern "C" {
#endif

/** "SER1". */
#define SER_JOURNAL_MARK 0x31524553u

/** Bytes that a state of so many takes of a page. */
#define SER_JOURNAL_RECORD(bytes) (((bytes) + 20u + SER_FLASH_STEP - 1u) / SER_FLASH_STEP * SER_FLASH_STEP)

/**
 * Read the newest state.
 *
 * @param fingerprint  what a state must belong to
 * @param state        takes it where it has exactly `bytes` bytes; else nothing is written
 * @return             SER_KEPT_STATE, NONE, FOREIGN or DAMAGED
 */
enum ser_kept ser_journal_read(uint32_t fingerprint, void *state, uint32_t bytes);

/**
 * Let a state be the newest, unless it is.
 *
 * @param bytes  of the state, which fits in a page; 0: nobody is known
 * @return       SER_KEPT_STATE or NONE, MOVED, or WORN when what was kept before still is
 */
enum ser_kept ser_journal_write(uint32_t fingerprint, const void *state, uint32_t bytes);

#ifdef __cplusplus
}
#endif

#endif
