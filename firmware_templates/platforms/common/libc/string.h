/**
 * @file
 * In place of the C library's header, which the project does not need: what the runtime uses of it.
 */
#ifndef SER_STRING_H
#define SER_STRING_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

void *memcpy(void *__restrict to, const void *__restrict from, size_t bytes);
void *memmove(void *to, const void *from, size_t bytes);
void *memset(void *to, int value, size_t bytes);

#ifdef __cplusplus
}
#endif

#endif
