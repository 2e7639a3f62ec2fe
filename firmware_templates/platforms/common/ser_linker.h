/**
 * @file
 * What linker.ld says: only the addresses of these symbols mean anything.
 */
#ifndef SER_LINKER_H
#define SER_LINKER_H

#include <stdint.h>

extern uint32_t ser_flash_begin[], ser_flash_end[];
extern uint32_t ser_stack_begin[], ser_stack_end[];
extern uint32_t ser_data_begin[], ser_data_end[], ser_data_load[];
extern uint32_t ser_bss_begin[], ser_bss_end[];

#endif
