/** Framing: hops are gathered into frames, and each whole frame is described and counted. */
#include "ser_frontend_stages.h"

void ser_frontend_reset(struct ser_frontend *frontend)
{
    __builtin_memset(frontend, 0, sizeof *frontend);
}

static bool is_voiced(const struct ser_frontend *frontend)
{
#ifdef SER_VOICED_AT
    return frontend->values[SER_VOICED_AT] > 0;
#else
    (void)frontend;
    return false;
#endif
}

static void finish_frame(struct ser_frontend *frontend)
{
    const uint32_t counted = frontend->frames;
    ser_describe(frontend);
    ser_count(frontend);
    frontend->sound.frames++;
    frontend->sound.voiced += is_voiced(frontend) && frontend->frames > counted;
    frontend->heard = SER_FRAME_LENGTH - SER_HOP_LENGTH;
#if SER_HOPS > 1
    __builtin_memmove(frontend->pcm, frontend->pcm + SER_HOP_LENGTH,
                      (SER_FRAME_LENGTH - SER_HOP_LENGTH) * sizeof frontend->pcm[0]);
    for (int hop = 0; hop < SER_HOPS - 1; hop++) {
        frontend->peaks[hop] = frontend->peaks[hop + 1];
    }
#endif
}

void ser_frontend_push(struct ser_frontend *frontend, const int16_t *pcm, size_t samples)
{
    while (samples > 0) {
        if (frontend->frames == SER_MAX_FRAMES) {
            frontend->truncated = true;
            return;
        }
        const unsigned heard = frontend->heard;
        const size_t wanted = SER_HOP_LENGTH - heard % SER_HOP_LENGTH;
        const size_t taken = samples < wanted ? samples : wanted;
        __builtin_memcpy(frontend->pcm + heard, pcm, taken * sizeof pcm[0]);
        frontend->heard = (uint16_t)(heard + taken);
        pcm += taken;
        samples -= taken;
        if (taken == wanted) {
            const unsigned hop = heard / SER_HOP_LENGTH;
            frontend->peaks[hop] = ser_peak(frontend->pcm + hop * SER_HOP_LENGTH);
            ser_hear_hop(&frontend->sound, frontend->pcm + hop * SER_HOP_LENGTH, frontend->peaks[hop]);
            if (frontend->heard == SER_FRAME_LENGTH) {
                finish_frame(frontend);
            }
        }
    }
}

int ser_frontend_finish(const struct ser_frontend *frontend, int32_t features[SER_FEATURES])
{
    if (frontend->frames == 0) {
        return SER_TOO_SHORT;
    }
    ser_summarize(frontend, features);
    return 0;
}
