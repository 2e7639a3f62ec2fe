/**
 * The NVMC of the nRF51, which writes the flash that the core runs from: it waits meanwhile.
 * Registers: nRF51 Series Reference Manual 3.0, chapter 6 (NVMC).
 */
#include "board.h"
#include "ser_flash.h"
#include "ser_port.h"
#include "ser_register.h"

#define NVMC_READY SER_REGISTER(0x4001E400u)
#define NVMC_CONFIG SER_REGISTER(0x4001E504u)
#define NVMC_ERASEPAGE SER_REGISTER(0x4001E508u)

enum { READ = 0, WRITE = 1, ERASE = 2 };

static void configure(uint32_t what)
{
    NVMC_CONFIG = what;
    while (NVMC_READY == 0) {
    }
}

struct ser_pages ser_flash_pages(void)
{
    struct ser_pages pages = {(const uint8_t *)SER_BOARD_KEPT_ORIGIN, SER_BOARD_KEPT_BYTES};
    return pages;
}

/** 22 ms for each of the chip's pages. */
void ser_flash_erase(uint32_t page)
{
    const uint32_t begin = SER_BOARD_KEPT_ORIGIN + page * SER_BOARD_KEPT_BYTES;
    configure(ERASE);
    for (uint32_t at = 0; at < SER_BOARD_KEPT_BYTES; at += SER_BOARD_KEPT_PAGE) {
        ser_port_watchdog();
        NVMC_ERASEPAGE = begin + at;
        while (NVMC_READY == 0) {
        }
    }
    configure(READ);
}

void ser_flash_program(uint32_t at, const uint32_t words[SER_FLASH_STEP / 4u])
{
    configure(WRITE);
    for (uint32_t i = 0; i < SER_FLASH_STEP / 4u; i++) {
        SER_REGISTER(SER_BOARD_KEPT_ORIGIN + at + 4u * i) = words[i];
        while (NVMC_READY == 0) {
        }
    }
    configure(READ);
}
