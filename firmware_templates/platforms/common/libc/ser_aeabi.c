/**
 * @file
 * The memory functions of the ARM run-time ABI (IHI 0043, chapter 4.3.4), which clang calls in place of those of
 * <string.h>. The suffix is the alignment in bytes that the caller promises; note the order of __aeabi_memset's
 * arguments. Marked as used, because a link-time optimizer makes calls to them after it threw out what is not called.
 */
#include <string.h>

#define COPY(name, function)                                                     \
    void name(void *to, const void *from, size_t bytes);                         \
    __attribute__((used)) void name(void *to, const void *from, size_t bytes)    \
    {                                                                            \
        (void)function(to, from, bytes);                                         \
    }
#define SET(name)                                                                \
    void name(void *to, size_t bytes, int value);                                \
    __attribute__((used)) void name(void *to, size_t bytes, int value)           \
    {                                                                            \
        (void)memset(to, value, bytes);                                          \
    }
#define CLEAR(name)                                                              \
    void name(void *to, size_t bytes);                                           \
    __attribute__((used)) void name(void *to, size_t bytes)                      \
    {                                                                            \
        (void)memset(to, 0, bytes);                                              \
    }

COPY(__aeabi_memcpy, memcpy)
COPY(__aeabi_memcpy4, memcpy)
COPY(__aeabi_memcpy8, memcpy)
COPY(__aeabi_memmove, memmove)
COPY(__aeabi_memmove4, memmove)
COPY(__aeabi_memmove8, memmove)
SET(__aeabi_memset)
SET(__aeabi_memset4)
SET(__aeabi_memset8)
CLEAR(__aeabi_memclr)
CLEAR(__aeabi_memclr4)
CLEAR(__aeabi_memclr8)
