#ifndef SER_TRACE_H
#define SER_TRACE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Called after each layer of an inference, in execution order.
 *
 * @param context  what the caller of the inference gave
 * @param layer    0 ... SER_LAYERS - 1
 * @param values   what the layer gave: int8_t values, for the label an int32_t; valid during the call only
 * @param bytes    their size
 */
typedef void (*ser_trace_fn)(void *context, size_t layer, const void *values, size_t bytes);

#ifdef __cplusplus
}
#endif

#endif
