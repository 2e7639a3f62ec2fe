/*
 * The port of the device layer on this machine: what the device writes is kept until somebody takes it.
 * With SER_FUZZ: a program that feeds standard input to the device, byte 0xFF standing for a silence when the byte
 * after it is 0, for itself when it is 0xFF.
 */
#include <stdio.h>
#include <string.h>

#include "ser_build.h"
#include "ser_crc32.h"
#include "ser_device.h"
#include "ser_port.h"
#include "ser_selftest.h"
#if SER_BUILD_KEEPS
#include "ser_flash.h"
#include "ser_kept_state.h"
#endif

/* "Flashed" here: a KiB and a half of anything, and a seal. */
enum { FLASHED = 1536 };

size_t host_take(uint8_t *to, size_t room);
void host_selftest(void);
void host_seal(void);
uint8_t *host_flash(void);

static struct {
    uint32_t words[FLASHED / 4];
    struct ser_seal seal;
} flashed;
static uint8_t written[1 << 20];
static size_t count;

void ser_port_write(const void *data, size_t bytes)
{
    if (bytes <= sizeof written - count) {
        memcpy(written + count, data, bytes);
        count += bytes;
    }
}

void ser_port_memory(struct ser_memory *memory)
{
    *memory = (struct ser_memory){1, 2, 3, 4};
}

struct ser_image ser_port_image(void)
{
    struct ser_image image = {(const uint8_t *)&flashed, sizeof flashed};
    return image;
}

void host_seal(void)
{
    memcpy(flashed.seal.mark, SER_SEAL_MARK, sizeof flashed.seal.mark);
    flashed.seal.crc = ser_crc32(SER_CRC32_EMPTY, flashed.words, FLASHED);
}

uint8_t *host_flash(void)
{
    return (uint8_t *)&flashed;
}

uint32_t ser_port_reset_cause(void)
{
    return SER_RESET_POWER | SER_RESET_SLEEP;
}

void ser_port_watchdog(void)
{
}

size_t host_take(uint8_t *to, size_t room)
{
    size_t taken = count < room ? count : room;
    memcpy(to, written, taken);
    memmove(written, written + taken, count - taken);
    count -= taken;
    return taken;
}

/* What a reset does: flash stays. */
void host_selftest(void)
{
    (void)ser_selftest_run();
#if SER_BUILD_KEEPS
    (void)ser_kept_state_recall();
#endif
}

#if SER_BUILD_KEEPS
uint8_t *host_kept(void);

static uint8_t pages[2][2048];

struct ser_pages ser_flash_pages(void)
{
    struct ser_pages all = {pages[0], sizeof pages[0]};
    return all;
}

void ser_flash_erase(uint32_t page)
{
    memset(pages[page], 0xFF, sizeof pages[page]);
}

void ser_flash_program(uint32_t at, const uint32_t words[SER_FLASH_STEP / 4u])
{
    memcpy(pages[0] + at, words, SER_FLASH_STEP);
}

uint8_t *host_kept(void)
{
    return pages[0];
}
#endif

#ifdef SER_FUZZ
int main(void)
{
    int byte;
    while ((byte = getchar()) != EOF) {
        if (byte == 0xFF && getchar() == 0) {
            if (ser_device_receiving()) {
                ser_device_timeout();
            }
        } else {
            ser_device_receive((uint8_t)byte);
        }
    }
    return fwrite(written, 1, count, stdout) == count ? 0 : 1;
}
#endif
