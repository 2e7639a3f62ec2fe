/**
 * The flash interface of the STM32F4. While it erases or programs, the core waits for its next instruction.
 * Registers and sequences: RM0090, chapter 3 (embedded flash memory interface), at 2.7 V to 3.6 V.
 */
#include "board.h"
#include "ser_flash.h"
#include "ser_port.h"
#include "ser_register.h"

#define FLASH_ACR SER_REGISTER(0x40023C00u)
#define FLASH_KEYR SER_REGISTER(0x40023C04u)
#define FLASH_SR SER_REGISTER(0x40023C0Cu)
#define FLASH_CR SER_REGISTER(0x40023C10u)

#define KEY_1 0x45670123u
#define KEY_2 0xCDEF89ABu
#define LOCK (1u << 31)

enum { INSTRUCTIONS = 1 << 9, DATA = 1 << 10, RESET_INSTRUCTIONS = 1 << 11, RESET_DATA = 1 << 12 };
enum { PG = 1 << 0, SER = 1 << 1, SECTOR = 3, WORDS = 2 << 8, STRT = 1 << 16 };
/** EOP, OPERR, WRPERR, PGAERR, PGPERR, PGSERR: written ones are cleared, and one that stands bars the next operation. */
enum { ENDED = 0xF3, BSY = 1 << 16 };

static void wait(void)
{
    while ((FLASH_SR & BSY) != 0) {
    }
}

/** Begin operations of a kind. */
static void unlock(uint32_t kind)
{
    wait();
    if ((FLASH_CR & LOCK) != 0) {
        FLASH_KEYR = KEY_1;
        FLASH_KEYR = KEY_2;
    }
    FLASH_SR = ENDED;
    FLASH_CR = WORDS | kind;
}

/** What the caches hold of erased flash is forgotten, which they must be off for. */
static void flush_caches(void)
{
    const uint32_t control = FLASH_ACR;
    FLASH_ACR = control & ~(uint32_t)(INSTRUCTIONS | DATA);
    FLASH_ACR = (control & ~(uint32_t)(INSTRUCTIONS | DATA)) | RESET_INSTRUCTIONS | RESET_DATA;
    FLASH_ACR = control & ~(uint32_t)(INSTRUCTIONS | DATA);
    FLASH_ACR = control;
}

struct ser_pages ser_flash_pages(void)
{
    struct ser_pages pages = {(const uint8_t *)SER_BOARD_KEPT_ORIGIN, SER_BOARD_KEPT_BYTES};
    return pages;
}

/** One to two seconds for a sector of 128 KiB, in which nothing else runs: a watchdog must be slower. */
void ser_flash_erase(uint32_t page)
{
    const uint32_t sectors = SER_BOARD_KEPT_BYTES / SER_BOARD_KEPT_PAGE;
    for (uint32_t i = 0; i < sectors; i++) {
        const uint32_t sector = SER_BOARD_KEPT_FIRST + page * sectors + i;
        ser_port_watchdog();
        unlock(SER | sector << SECTOR);
        FLASH_CR |= STRT;
        wait();
    }
    FLASH_CR = LOCK;
    flush_caches();
}

void ser_flash_program(uint32_t at, const uint32_t words[SER_FLASH_STEP / 4u])
{
    unlock(PG);
    for (uint32_t i = 0; i < SER_FLASH_STEP / 4u; i++) {
        SER_REGISTER(SER_BOARD_KEPT_ORIGIN + at + 4u * i) = words[i];
        wait();
    }
    FLASH_CR = LOCK;
}
