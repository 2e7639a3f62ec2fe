#include "ser_host_frontend.h"

#include <string.h>

#include "ser_frontend.h"

size_t ser_host_features(const int16_t *pcm, size_t samples, int32_t *features)
{
    struct ser_frontend frontend;
    ser_frontend_reset(&frontend);
    ser_frontend_push(&frontend, pcm, samples);
    return ser_frontend_finish(&frontend, features) == 0 ? frontend.frames : 0;
}

size_t ser_host_descriptors(const int16_t *pcm, size_t samples, int32_t *values)
{
    struct ser_frontend frontend;
    size_t frames = 0;
    for (size_t end = SER_FRAME_LENGTH; end <= samples; end += SER_HOP_LENGTH) {
        if (frames == 0) {
            ser_frontend_reset(&frontend);
            ser_frontend_push(&frontend, pcm, SER_FRAME_LENGTH);
        } else {
            /* Counting must not stop what descriptors remember from going on. */
            frontend.frames = 0;
            memset(&frontend.counted, 0, sizeof frontend.counted);
            ser_frontend_push(&frontend, pcm + end - SER_HOP_LENGTH, SER_HOP_LENGTH);
        }
        memcpy(values + frames * SER_VALUES, frontend.values, SER_VALUES * sizeof values[0]);
        frames++;
    }
    return frames;
}
