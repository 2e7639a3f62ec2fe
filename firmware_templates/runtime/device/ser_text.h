/**
 * @file
 * Plain text on the serial line, for what must be readable without any tool: the banner and faults.
 */
#ifndef SER_TEXT_H
#define SER_TEXT_H

#include <stdint.h>

/** Send a string. */
void ser_text(const char *text);

/** Send `name`, then `value` as 0x and eight hexadecimal digits. */
void ser_text_hex(const char *name, uint32_t value);

#endif
