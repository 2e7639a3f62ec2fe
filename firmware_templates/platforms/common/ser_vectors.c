#include "ser_linker.h"
#include "ser_startup.h"

/** The core's own sixteen entries and no more: no peripheral's interrupt is ever enabled. */
union vector {
    uint32_t *stack;
    void (*handler)(void);
};

extern const union vector ser_vectors[16];

__attribute__((section(".vectors"), used)) const union vector ser_vectors[16] = {
    {.stack = ser_stack_end}, {.handler = ser_reset},
    {.handler = ser_fault},   {.handler = ser_fault}, {.handler = ser_fault}, {.handler = ser_fault},
    {.handler = ser_fault},   {.handler = ser_fault}, {.handler = ser_fault}, {.handler = ser_fault},
    {.handler = ser_fault},   {.handler = ser_fault}, {.handler = ser_fault}, {.handler = ser_fault},
    {.handler = ser_fault},   {.handler = ser_fault},
};
