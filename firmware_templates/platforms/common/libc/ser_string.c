/**
 * @file
 * The functions of <string.h> that the runtime and the compiler itself may call; no C library is linked.
 *
 * They are marked as used, because a link-time optimizer finds calls to them only after it has thrown out what
 * nobody calls. GCC compiles this file with -fno-tree-loop-distribute-patterns, or they would call themselves.
 */
#include <stdint.h>
#include <string.h>

#define KEPT __attribute__((used))

typedef uint32_t __attribute__((may_alias)) any_word;

static int aligned(const void *a, const void *b)
{
    return (((uintptr_t)a | (uintptr_t)b) & 3u) == 0;
}

KEPT void *memcpy(void *restrict to, const void *restrict from, size_t bytes)
{
    uint8_t *out = to;
    const uint8_t *in = from;
    if (aligned(to, from)) {
        for (; bytes >= 4; bytes -= 4, out += 4, in += 4) {
            *(any_word *)(void *)out = *(const any_word *)(const void *)in;
        }
    }
    while (bytes-- > 0) {
        *out++ = *in++;
    }
    return to;
}

KEPT void *memmove(void *to, const void *from, size_t bytes)
{
    uint8_t *out = to;
    const uint8_t *in = from;
    if ((uintptr_t)out <= (uintptr_t)in) {
        return memcpy(to, from, bytes);
    }
    while (bytes-- > 0) {
        out[bytes] = in[bytes];
    }
    return to;
}

KEPT void *memset(void *to, int value, size_t bytes)
{
    uint8_t *out = to;
    uint32_t word = (uint8_t)value * 0x01010101u;
    if (aligned(to, to)) {
        for (; bytes >= 4; bytes -= 4, out += 4) {
            *(any_word *)(void *)out = word;
        }
    }
    while (bytes-- > 0) {
        *out++ = (uint8_t)value;
    }
    return to;
}
