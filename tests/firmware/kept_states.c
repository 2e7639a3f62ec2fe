/*
 * runtime/keeping/journal.c on a flash that is simulated: bits only go from 1 to 0, power is lost in the middle of any
 * halfword's programming and of any erasing, and bits stick at 0.
 *
 *     kept_states SCENARIO [SEED COUNT]
 *
 * At every loss of power what is read afterwards must be the state from before or the new one. Prints what was tried;
 * exit status 1 at the first thing that is not as it must be, with the line.
 */
#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ser_crc32.h"
#include "ser_flash.h"
#include "ser_journal.h"

enum { LARGEST = 4096, MOST_STATE = 1600, ERASE_STEPS = 4, MODEL = 77, OTHER = 78, NEVER = 0 };

#define REQUIRE(holds) ((holds) ? (void)0 : fail(__LINE__, #holds))

static struct {
    uint32_t words[2 * LARGEST / 4];
    uint32_t stuck[2 * LARGEST / 4]; /* bits that are 0 for good */
    uint32_t page;
    unsigned operations;
    unsigned cut; /* power is lost in this operation, the first being 1 */
    unsigned erased[2];
    unsigned programmed;
} flash;
static jmp_buf power;
static uint32_t noise;
static unsigned long cuts, kept, worn;

static void fail(int line, const char *what)
{
    printf("line %d: not so: %s\n", line, what);
    exit(1);
}

static uint32_t draw(uint32_t below)
{
    noise = noise * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)(noise >> 4) * below >> 28);
}

struct ser_pages ser_flash_pages(void)
{
    struct ser_pages pages = {(const uint8_t *)flash.words, flash.page};
    return pages;
}

/* What an operation leaves that ends in the middle: nothing of it, all of it, or some bits. */
static uint32_t some(void)
{
    const uint32_t how = draw(4);
    return how == 0 ? 0u : how == 1 ? 0xFFFFFFFFu : draw(1u << 16) | draw(1u << 16) << 16;
}

static void erase_words(uint32_t from, uint32_t to, bool wholly)
{
    for (uint32_t i = from; i < to; i++) {
        flash.words[i] |= (wholly ? 0xFFFFFFFFu : some()) & ~flash.stuck[i];
    }
}

void ser_flash_erase(uint32_t page)
{
    REQUIRE(page < 2);
    const uint32_t words = flash.page / 4, step = words / ERASE_STEPS;
    flash.erased[page]++;
    for (uint32_t at = page * words; at < (page + 1) * words; at += step) {
        const bool lost = ++flash.operations == flash.cut;
        erase_words(at, at + step, !lost);
        if (lost) {
            longjmp(power, 1);
        }
    }
}

void ser_flash_program(uint32_t at, const uint32_t words[SER_FLASH_STEP / 4u])
{
    REQUIRE(at % SER_FLASH_STEP == 0 && at < 2 * flash.page);
    flash.programmed++;
    for (uint32_t i = 0; i < SER_FLASH_STEP / 4u; i++) {
        /* Once programmed, flash that corrects errors takes nothing else until it is erased. */
        REQUIRE((flash.words[at / 4 + i] | flash.stuck[at / 4 + i]) == 0xFFFFFFFFu);
    }
    for (uint32_t i = 0; i < 2 * (SER_FLASH_STEP / 4u); i++) {
        const uint32_t half = i % 2 * 16;
        const uint32_t zeros = (~words[i / 2] | flash.stuck[at / 4 + i / 2]) & 0xFFFFu << half;
        const bool lost = ++flash.operations == flash.cut;
        flash.words[at / 4 + i / 2] &= ~(lost ? zeros & some() : zeros);
        if (lost) {
            longjmp(power, 1);
        }
    }
}

static void new_flash(uint32_t page)
{
    memset(&flash, 0, sizeof flash);
    memset(flash.words, 0xFF, sizeof flash.words);
    flash.page = page;
}

/* State `number` of so many bytes: any bytes, all zeros, all ones. */
static void make(uint8_t *state, uint32_t number, uint32_t bytes)
{
    for (uint32_t i = 0; i < bytes; i++) {
        state[i] = (uint8_t)(number % 5 == 3 ? 0u : number % 5 == 4 ? 0xFFu : (number * 2654435761u + i * 40503u) >> 7);
    }
    if (bytes > 4) {
        memcpy(state, &number, 4);
    }
}

/* What is kept, as a device with states of so many bytes finds it: state `number`, or nobody (number 0). */
static bool holds(uint32_t number, uint32_t bytes)
{
    uint8_t state[MOST_STATE], expected[MOST_STATE];
    memset(state, 0xA5, sizeof state);
    const enum ser_kept found = ser_journal_read(MODEL, state, bytes);
    if (number == 0) {
        return (found == SER_KEPT_NONE || found == SER_KEPT_DAMAGED) && state[0] == 0xA5;
    }
    make(expected, number, bytes);
    return found == SER_KEPT_STATE && memcmp(state, expected, bytes) == 0;
}

static enum ser_kept keep(uint32_t number, uint32_t bytes)
{
    uint8_t state[MOST_STATE];
    make(state, number, bytes);
    kept++;
    return ser_journal_write(MODEL, number == 0 ? NULL : state, number == 0 ? 0 : bytes);
}

/* Keep, and lose power in operation `cut`; whether it was lost. Else `done` is what became of it. */
static bool interrupted(uint32_t number, uint32_t bytes, unsigned cut, enum ser_kept *done)
{
    flash.operations = 0;
    flash.cut = cut;
    const bool lost = setjmp(power) != 0;
    if (!lost) {
        *done = keep(number, bytes);
    }
    flash.cut = NEVER;
    cuts += lost;
    return lost;
}

static void plain(void)
{
    uint8_t state[MOST_STATE], untouched[MOST_STATE];
    for (uint32_t bytes = 1; bytes <= 1004; bytes += bytes < 70 ? 1 : 467) {
        new_flash(1024);
        REQUIRE(ser_journal_read(MODEL, state, bytes) == SER_KEPT_NONE);
        REQUIRE(keep(0, bytes) == SER_KEPT_NONE && flash.programmed == 0 && flash.erased[0] == 0);
        REQUIRE(keep(1, bytes) == SER_KEPT_STATE && holds(1, bytes));
        REQUIRE(flash.programmed == SER_JOURNAL_RECORD(bytes) / SER_FLASH_STEP);
        const unsigned before = flash.programmed;
        REQUIRE(keep(1, bytes) == SER_KEPT_STATE && flash.programmed == before);
        memset(state, 0xA5, sizeof state);
        memset(untouched, 0xA5, sizeof untouched);
        REQUIRE(ser_journal_read(OTHER, state, bytes) == SER_KEPT_FOREIGN);
        REQUIRE(ser_journal_read(MODEL, state, bytes + 1) == SER_KEPT_FOREIGN);
        REQUIRE(ser_journal_read(MODEL, state, bytes - 1) == SER_KEPT_FOREIGN);
        REQUIRE(memcmp(state, untouched, sizeof state) == 0);
        REQUIRE(keep(0, bytes) == SER_KEPT_NONE && ser_journal_read(MODEL, state, bytes) == SER_KEPT_NONE);
        const unsigned forgotten = flash.programmed;
        REQUIRE(keep(0, bytes) == SER_KEPT_NONE && flash.programmed == forgotten);
        REQUIRE(keep(2, bytes) == SER_KEPT_STATE && holds(2, bytes));
    }
}

/* Another model's state is not taken and gives way; forgetting forgets it too. */
static void foreign(void)
{
    uint8_t state[MOST_STATE] = {1, 2, 3};
    for (uint32_t bytes = 1; bytes < 900; bytes += 29) {
        new_flash(1024);
        REQUIRE(ser_journal_write(OTHER, state, bytes) == SER_KEPT_STATE);
        REQUIRE(ser_journal_read(MODEL, state, 40) == SER_KEPT_FOREIGN);
        REQUIRE(keep(1, 40) == SER_KEPT_STATE && holds(1, 40));
        REQUIRE(ser_journal_read(OTHER, state, bytes) == SER_KEPT_FOREIGN);
        REQUIRE(ser_journal_write(OTHER, state, bytes) == SER_KEPT_STATE);
        REQUIRE(ser_journal_read(MODEL, state, 40) == SER_KEPT_FOREIGN);
        REQUIRE(ser_journal_write(MODEL, state, bytes) == SER_KEPT_STATE);
        REQUIRE(ser_journal_read(MODEL, state, bytes) == SER_KEPT_STATE);
        REQUIRE(keep(0, 40) == SER_KEPT_NONE);
        REQUIRE(ser_journal_read(OTHER, state, bytes) == SER_KEPT_NONE);
    }
}

/* A record of a state of 40 bytes, which are those of state `number`. */
static void forge(uint32_t words[SER_JOURNAL_RECORD(40u) / 4], uint32_t number, uint32_t sequence)
{
    const uint32_t last = SER_JOURNAL_RECORD(40u) / 4 - 1, head[] = {SER_JOURNAL_MARK, 40, sequence, MODEL};
    memset(words, 0, SER_JOURNAL_RECORD(40u));
    memcpy(words, head, sizeof head);
    make((uint8_t *)(words + 4), number, 40);
    words[last] = ser_crc32(SER_CRC32_EMPTY, words, last * 4);
}

/* What looks like a record and stands within one, or across the border of the pages, is none. */
static void forged(void)
{
    uint32_t state[4 + SER_JOURNAL_RECORD(40u) / 4] = {0};
    uint8_t found[MOST_STATE];
    new_flash(1024);
    forge(state + 4, 9, 50);
    REQUIRE(ser_journal_write(MODEL, state, sizeof state) == SER_KEPT_STATE);
    REQUIRE(ser_journal_read(MODEL, found, sizeof state) == SER_KEPT_STATE);
    REQUIRE(memcmp(found, state, sizeof state) == 0);
    new_flash(1024);
    forge(flash.words + 256 - SER_FLASH_STEP / 4, 9, 50);
    REQUIRE(ser_journal_read(MODEL, found, 40) == SER_KEPT_DAMAGED);
    new_flash(LARGEST);
    flash.words[2 * LARGEST / 4 - SER_FLASH_STEP / 4] = SER_JOURNAL_MARK;
    for (uint32_t bit = 0; bit < 32; bit++) {
        flash.words[2 * LARGEST / 4 - SER_FLASH_STEP / 4 + 1] = 1u << bit;
        REQUIRE(ser_journal_read(MODEL, found, 40) == SER_KEPT_DAMAGED);
    }
}

/* Bytes that are no record, on their own and before or behind one; every damaged bit of a record. */
static void garbage(void)
{
    uint8_t state[MOST_STATE];
    for (uint32_t turn = 0; turn < 300; turn++) {
        new_flash(1024);
        const uint32_t first = draw(2 * 256), words = 1 + draw(2 * 256 - first);
        for (uint32_t i = first; i < first + words; i++) {
            flash.words[i] = turn % 3 == 0 ? 0u : turn % 3 == 1 ? SER_JOURNAL_MARK : draw(1u << 16) * 0x10001u;
        }
        REQUIRE(ser_journal_read(MODEL, state, 40) == SER_KEPT_DAMAGED && holds(0, 40));
        REQUIRE(keep(0, 40) == SER_KEPT_NONE && flash.programmed == 0);
        for (uint32_t number = 1; number < 60; number++) {
            REQUIRE(keep(number, 40) == SER_KEPT_STATE && holds(number, 40));
        }
    }
    new_flash(1024);
    REQUIRE(keep(1, 40) == SER_KEPT_STATE);
    for (uint32_t bit = 0; bit < SER_JOURNAL_RECORD(40) * 8; bit++) {
        flash.words[bit / 32] ^= 1u << bit % 32;
        REQUIRE(ser_journal_read(MODEL, state, 40) == SER_KEPT_DAMAGED);
        flash.words[bit / 32] ^= 1u << bit % 32;
        REQUIRE(holds(1, 40));
    }
}

/* A page is erased once for all records that fit in it. */
static void wear(void)
{
    for (uint32_t bytes = 1; bytes <= 1004; bytes += 59) {
        new_flash(1024);
        const uint32_t fit = 1024 / SER_JOURNAL_RECORD(bytes);
        for (uint32_t number = 1; number <= 20 * fit; number++) {
            REQUIRE(keep(number, bytes) == SER_KEPT_STATE && holds(number, bytes));
        }
        REQUIRE(flash.erased[0] == 10 && flash.erased[1] == 10);
    }
}

/* The sequence ends and begins anew. */
static void wrap(void)
{
    for (uint32_t before = 0; before < 12; before++) {
        new_flash(1024);
        forge(flash.words, 99, 0u - before);
        REQUIRE(holds(99, 40));
        for (uint32_t number = 1; number < 80; number++) {
            REQUIRE(keep(number, 40) == SER_KEPT_STATE && holds(number, 40));
        }
    }
}

/* Power is lost in every operation of keeping and of forgetting, whatever was kept before. */
static void cut(void)
{
    static const uint32_t sizes[] = {1, 44, 300, 868};
    for (uint32_t size = 0; size < 4; size++) {
        const uint32_t bytes = sizes[size], fit = 1024 / SER_JOURNAL_RECORD(bytes);
        for (uint32_t before = 0; before <= 2 * fit + 1; before += 1 + (before > 2 && before < fit - 1 ? fit / 4 : 0)) {
            for (uint32_t forgets = 0; forgets < 2; forgets++) {
                bool lost = true;
                for (unsigned operation = 1; lost; operation++) {
                    new_flash(1024);
                    for (uint32_t number = 1; number <= before; number++) {
                        REQUIRE(keep(number, bytes) == SER_KEPT_STATE);
                    }
                    const uint32_t next = forgets ? 0u : before + 1;
                    enum ser_kept done = forgets ? SER_KEPT_NONE : SER_KEPT_STATE;
                    lost = interrupted(next, bytes, operation, &done);
                    REQUIRE(done == (forgets ? SER_KEPT_NONE : SER_KEPT_STATE));
                    REQUIRE(holds(next, bytes) || (lost && holds(before, bytes)));
                    REQUIRE(keep(5, bytes) == SER_KEPT_STATE && holds(5, bytes));
                }
            }
        }
    }
}

/* Bits that stick: either it is kept, or what was kept before still is, and that is said. */
static void stuck(void)
{
    for (uint32_t turn = 0; turn < 400; turn++) {
        const uint32_t bytes = 1 + draw(300), many = 1 + draw(turn % 4 == 3 ? 200 : 12);
        bool moved = false, failed = false;
        uint32_t is = 0;
        new_flash(1024);
        for (uint32_t number = 1; number < 40; number++) {
            if (number == 5) {
                for (uint32_t i = 0; i < many; i++) {
                    flash.stuck[draw(2 * 256)] |= 1u << draw(32);
                }
            }
            const uint32_t wanted = number % 9 == 8 ? 0u : number;
            const enum ser_kept done = keep(wanted, bytes);
            moved = moved || done == SER_KEPT_MOVED;
            failed = failed || done == SER_KEPT_WORN;
            is = done == SER_KEPT_WORN ? is : wanted;
            REQUIRE(holds(is, bytes));
        }
        worn += moved || failed;
    }
    REQUIRE(worn > 100);
    new_flash(1024);
    REQUIRE(keep(1, 40) == SER_KEPT_STATE);
    for (uint32_t i = SER_JOURNAL_RECORD(40u) / 4; i < 2 * 256; i++) {
        flash.stuck[i] = 1;
    }
    REQUIRE(keep(2, 40) == SER_KEPT_WORN && holds(1, 40));
    REQUIRE(keep(0, 40) == SER_KEPT_MOVED && holds(0, 40));
    new_flash(1024);
    for (uint32_t i = 0; i < 256; i++) {
        flash.stuck[i] = 1;
    }
    REQUIRE(keep(1, 40) == SER_KEPT_MOVED && holds(1, 40));
    REQUIRE(keep(2, 40) == SER_KEPT_STATE && holds(2, 40));
}

/* Anything after anything, for devices of any size: losses of power one after another, worn bits, other models. */
static void anything(uint32_t count)
{
    static const uint32_t page_sizes[] = {32, 1024, 2048, 4096};
    for (uint32_t trial = 0; trial < count; trial++) {
        const uint32_t page = page_sizes[draw(4)];
        const uint32_t room = page < MOST_STATE ? page - 20 : MOST_STATE;
        const uint32_t bytes = 1 + draw(draw(2) == 0 ? room : room / 8 + 1);
        const bool wears = draw(4) == 0;
        uint32_t is = 0;
        new_flash(page);
        for (uint32_t number = 1; number < 30; number++) {
            if (wears && draw(8) == 0) {
                const uint32_t at = draw(2 * page / 4);
                flash.stuck[at] |= flash.words[at] == 0xFFFFFFFFu ? 1u << draw(32) : 0u;
            }
            const uint32_t wanted = draw(6) == 0 ? 0u : number;
            const uint32_t operations = SER_JOURNAL_RECORD(bytes) / 2 + ERASE_STEPS;
            enum ser_kept done = SER_KEPT_STATE;
            if (interrupted(wanted, bytes, draw(3) == 0 ? 1 + draw(operations) : NEVER, &done)) {
                REQUIRE(holds(wanted, bytes) || holds(is, bytes));
                is = holds(wanted, bytes) ? wanted : is;
            } else {
                REQUIRE(done != SER_KEPT_WORN || wears);
                is = done == SER_KEPT_WORN ? is : wanted;
                REQUIRE(holds(is, bytes));
            }
        }
    }
}

int main(int count, char **words)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } scenarios[] = {{"plain", plain}, {"foreign", foreign}, {"forged", forged}, {"garbage", garbage},
                     {"wear", wear},   {"wrap", wrap},       {"cut", cut},       {"stuck", stuck}};
    const char *wanted = count > 1 ? words[1] : "";
    bool known = strcmp(wanted, "anything") == 0;
    noise = count > 2 ? (uint32_t)strtoul(words[2], NULL, 10) : 1;
    if (known) {
        anything(count > 3 ? (uint32_t)strtoul(words[3], NULL, 10) : 1);
    }
    for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++) {
        if (strcmp(wanted, scenarios[i].name) == 0) {
            scenarios[i].run();
            known = true;
        }
    }
    printf("%lu kept, power lost %lu times, %lu flashes worn\n", kept, cuts, worn);
    return known ? 0 : 2;
}
