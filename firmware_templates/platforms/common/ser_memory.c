#include "ser_linker.h"
#include "ser_port.h"
#include "ser_startup.h"

static uint32_t distance(const uint32_t *begin, const uint32_t *end)
{
    return (uint32_t)((uintptr_t)end - (uintptr_t)begin);
}

void ser_port_memory(struct ser_memory *memory)
{
    const uint32_t *lowest = ser_stack_begin;
    while (lowest < ser_stack_end && *lowest == SER_STACK_PAINT) {
        lowest++;
    }
    memory->flash = distance(ser_flash_begin, ser_flash_end);
    memory->ram = distance(ser_stack_begin, ser_bss_end);
    memory->stack = distance(ser_stack_begin, ser_stack_end);
    memory->stack_used = distance(lowest, ser_stack_end);
}
