/** What an emulated core executes, counted by a hook that the emulator calls before every block. */
#ifndef SER_EXECUTED_H
#define SER_EXECUTED_H

#include <stdint.h>

/** Thumb code of `halves` half words at `origin`, and how many of its instructions were executed. */
struct ser_executed {
    const uint16_t *code;
    uint64_t origin;
    uint64_t halves;
    uint64_t instructions;
};

/** Count the block of `bytes` at `address`; `context` is a struct ser_executed. */
void ser_executed_block(void *emulator, uint64_t address, uint32_t bytes, void *context);

#endif
