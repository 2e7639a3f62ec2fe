#include "ser_journal.h"

#include <stdbool.h>
#include <string.h>

#include "ser_crc32.h"

enum { WORDS = SER_FLASH_STEP / 4u, CRC = 4, HEAD = 16 };

#define BLANK 0xFFFFFFFFu
#define NOWHERE 0xFFFFFFFFu

struct head {
    uint32_t mark;
    uint32_t bytes;
    uint32_t sequence;
    uint32_t fingerprint;
};

__extension__ _Static_assert(sizeof(struct head) == HEAD, "a record begins with four words");

/** A record and where it stands, from the first page on; NOWHERE: there is none. */
struct record {
    uint32_t at;
    struct head head;
};

static uint32_t word_at(const struct ser_pages *pages, uint32_t at)
{
    uint32_t word;
    memcpy(&word, pages->begin + at, sizeof word);
    return word;
}

static uint32_t page_of(const struct ser_pages *pages, uint32_t at)
{
    return at < pages->bytes ? 0u : 1u;
}

static uint32_t end_of(const struct ser_pages *pages, uint32_t page)
{
    return page == 0 ? pages->bytes : 2 * pages->bytes;
}

/** Read what may be a record at `at`, and whether it is one. */
static bool is_record(const struct ser_pages *pages, uint32_t at, struct head *head)
{
    memcpy(head, pages->begin + at, HEAD);
    if (head->mark != SER_JOURNAL_MARK || head->bytes > end_of(pages, page_of(pages, at)) - at - HEAD - CRC) {
        return false;
    }
    const uint32_t covered = SER_JOURNAL_RECORD(head->bytes) - CRC;
    return ser_crc32(SER_CRC32_EMPTY, pages->begin + at, covered) == word_at(pages, at + covered);
}

static struct record newest(const struct ser_pages *pages)
{
    struct record last = {NOWHERE, {0, 0, 0, 0}};
    struct head head;
    for (uint32_t at = 0; at < 2 * pages->bytes; at += SER_FLASH_STEP) {
        if (is_record(pages, at, &head)) {
            /* There are never so many that the oldest and the newest are half of all sequences apart. */
            if (last.at == NOWHERE || head.sequence - last.head.sequence < 0x80000000u) {
                last = (struct record){at, head};
            }
            at += SER_JOURNAL_RECORD(head.bytes) - SER_FLASH_STEP;
        }
    }
    return last;
}

/** Where, from `begin` on, all is blank up to `end`. */
static uint32_t behind(const struct ser_pages *pages, uint32_t begin, uint32_t end)
{
    while (end > begin && word_at(pages, end - 4u) == BLANK) {
        end -= 4u;
    }
    return (end + SER_FLASH_STEP - 1u) / SER_FLASH_STEP * SER_FLASH_STEP;
}

/** Write a record and read it back. */
static bool put(const struct ser_pages *pages, uint32_t at, const struct head *head, const uint8_t *state)
{
    const uint32_t size = SER_JOURNAL_RECORD(head->bytes);
    uint32_t words[WORDS];
    uint32_t crc = SER_CRC32_EMPTY;
    uint32_t left = head->bytes;
    for (uint32_t done = 0; done < size; done += SER_FLASH_STEP) {
        const uint32_t begin = done == 0 ? HEAD : 0u;
        const uint32_t piece = left < SER_FLASH_STEP - begin ? left : SER_FLASH_STEP - begin;
        memset(words, 0, sizeof words);
        if (done == 0) {
            memcpy(words, head, HEAD);
        }
        if (piece > 0) {
            memcpy((uint8_t *)words + begin, state, piece);
            state += piece;
            left -= piece;
        }
        if (done + SER_FLASH_STEP == size) {
            crc = ser_crc32(crc, words, SER_FLASH_STEP - CRC);
            words[WORDS - 1] = crc;
        } else {
            crc = ser_crc32(crc, words, SER_FLASH_STEP);
        }
        ser_flash_program(at + done, words);
    }
    return word_at(pages, at + size - CRC) == crc &&
           ser_crc32(SER_CRC32_EMPTY, pages->begin + at, size - CRC) == crc;
}

/** What is written, and how many places did not take it. */
struct writing {
    struct ser_pages pages;
    struct head head;
    const void *state;
    uint32_t refused;
};

/** Try each place of a page, from `at` on. */
static bool fits(struct writing *writing, uint32_t page, uint32_t at)
{
    const uint32_t end = end_of(&writing->pages, page);
    const uint32_t size = SER_JOURNAL_RECORD(writing->head.bytes);
    for (; end - at >= size; at += size) {
        if (put(&writing->pages, at, &writing->head, writing->state)) {
            return true;
        }
        writing->refused++;
    }
    return false;
}

static bool fits_erased(struct writing *writing, uint32_t page)
{
    ser_flash_erase(page);
    return fits(writing, page, end_of(&writing->pages, page) - writing->pages.bytes);
}

/** Where nothing is kept, neither page holds anything to be careful of. */
static bool fits_somewhere(struct writing *writing, const struct record *last)
{
    if (last->at == NOWHERE) {
        return fits_erased(writing, 0) || fits_erased(writing, 1);
    }
    const uint32_t page = page_of(&writing->pages, last->at);
    const uint32_t after = last->at + SER_JOURNAL_RECORD(last->head.bytes);
    const uint32_t free = behind(&writing->pages, after, end_of(&writing->pages, page));
    return fits(writing, page, free) || fits_erased(writing, 1u - page);
}

/** Where no record can say that nobody is known, no record does; the newest one's page goes last. */
static bool emptied(struct writing *writing, const struct record *last)
{
    ser_flash_erase(page_of(&writing->pages, last->at));
    return newest(&writing->pages).at == NOWHERE;
}

static bool is_kept(const struct ser_pages *pages, const struct record *last, const struct head *head,
                    const void *state)
{
    if (last->at == NOWHERE || head->bytes == 0) {
        return head->bytes == 0 && (last->at == NOWHERE || last->head.bytes == 0);
    }
    bool same = last->head.fingerprint == head->fingerprint && last->head.bytes == head->bytes;
    for (uint32_t i = 0; same && i < head->bytes; i++) {
        same = pages->begin[last->at + HEAD + i] == ((const uint8_t *)state)[i];
    }
    return same;
}

enum ser_kept ser_journal_read(uint32_t fingerprint, void *state, uint32_t bytes)
{
    const struct ser_pages pages = ser_flash_pages();
    const struct record last = newest(&pages);
    if (last.at == NOWHERE) {
        return behind(&pages, 0, 2 * pages.bytes) == 0 ? SER_KEPT_NONE : SER_KEPT_DAMAGED;
    }
    if (last.head.bytes == 0) {
        return SER_KEPT_NONE;
    }
    if (last.head.fingerprint != fingerprint || last.head.bytes != bytes) {
        return SER_KEPT_FOREIGN;
    }
    memcpy(state, pages.begin + last.at + HEAD, bytes);
    return SER_KEPT_STATE;
}

enum ser_kept ser_journal_write(uint32_t fingerprint, const void *state, uint32_t bytes)
{
    struct writing writing = {ser_flash_pages(), {SER_JOURNAL_MARK, bytes, 0, fingerprint}, state, 0};
    const struct record last = newest(&writing.pages);
    const enum ser_kept done = bytes == 0 ? SER_KEPT_NONE : SER_KEPT_STATE;
    if (is_kept(&writing.pages, &last, &writing.head, state)) {
        return done;
    }
    writing.head.sequence = last.head.sequence + 1u;
    if (fits_somewhere(&writing, &last)) {
        return writing.refused == 0 ? done : SER_KEPT_MOVED;
    }
    return bytes == 0 && emptied(&writing, &last) ? SER_KEPT_MOVED : SER_KEPT_WORN;
}
