/**
 * Which descriptors a frame gets, in the order in which they are computed, and where they stand. A new one joins with
 * a file of its own, its declaration in ser_frontend_stages.h, and its lines here; the rendered configuration says
 * whether an image has it. Means and deviations then count its values like all others.
 */
#include "ser_dsp.h"
#include "ser_frontend_stages.h"

/** Left shift that brings the loudest sample of the frame to 16 bits. */
static int gain_of(const uint16_t peaks[SER_HOPS])
{
    uint32_t peak = 0;
    for (int hop = 0; hop < SER_HOPS; hop++)
        peak |= peaks[hop];
    return ser_leading_zeros(peak) - 16;
}

void ser_describe(struct ser_frontend *frontend)
{
    const int gain = gain_of(frontend->peaks);
    ser_window_pass(frontend->pcm, gain, frontend->work);
    ser_fft(frontend->work);
    ser_power(frontend->work);
    uint32_t *const power = (uint32_t *)frontend->work;
#if SER_MEL_BANDS
    ser_mel(power, gain, frontend->values + SER_LOG_MEL_AT);
#endif
#if SER_MFCC
    ser_mfcc(frontend->values + SER_LOG_MEL_AT, frontend->values + SER_MFCC_AT);
#endif
#if SER_CHROMA
    ser_chroma(power, frontend->values + SER_CHROMA_AT);
#endif
}
