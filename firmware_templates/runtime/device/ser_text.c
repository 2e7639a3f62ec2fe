#include "ser_text.h"

#include <stddef.h>

#include "ser_port.h"

void ser_text(const char *text)
{
    size_t length = 0;
    while (text[length] != '\0') {
        length++;
    }
    ser_port_write(text, length);
}

void ser_text_hex(const char *name, uint32_t value)
{
    char digits[10] = {'0', 'x'};
    for (size_t i = 9; i >= 2; i--) {
        digits[i] = "0123456789abcdef"[value & 15u];
        value >>= 4;
    }
    ser_text(name);
    ser_port_write(digits, sizeof digits);
}
