#include <string.h>

#include "ser_model.h"
#include "ser_probe.h"

static void collect(void *context, size_t layer, const void *values, size_t bytes)
{
    uint8_t **const next = context;

    (void)layer;
    memcpy(*next, values, bytes);
    *next += bytes;
}

void ser_probe_run(const int8_t *inputs, size_t count, uint32_t *arena, uint8_t *traces)
{
    for (size_t i = 0; i < count; i++) {
        ser_model_run(inputs + i * SER_INPUTS, arena, collect, &traces);
    }
}
