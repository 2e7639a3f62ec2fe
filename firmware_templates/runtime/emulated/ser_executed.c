#include "ser_executed.h"

/** A half word from here on is the first of two. */
#define WIDE 0xE800u

void ser_executed_block(void *emulator, uint64_t address, uint32_t bytes, void *context)
{
    struct ser_executed *const executed = context;
    uint64_t at = (address - executed->origin) / 2;
    uint64_t end = at + bytes / 2;

    (void)emulator;
    if (address < executed->origin || end > executed->halves) {
        return;
    }
    for (; at < end; executed->instructions++) {
        at += executed->code[at] >= WIDE ? 2 : 1;
    }
}
