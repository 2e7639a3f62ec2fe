/** The front end as a shared library of the host calls it: one whole utterance at a time, from any thread. */
#ifndef SER_HOST_FRONTEND_H
#define SER_HOST_FRONTEND_H

#include <stddef.h>
#include <stdint.h>

/** Features of one utterance. Returns the number of frames that were counted, 0 when it was too short. */
size_t ser_host_features(const int16_t *pcm, size_t samples, int32_t *features);

/** Descriptors of each frame, SER_VALUES a row, and no functionals. Returns the number of frames. */
size_t ser_host_descriptors(const int16_t *pcm, size_t samples, int32_t *values);

#endif
