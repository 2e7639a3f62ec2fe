/**
 * The best local maximum of the autocorrelation: long periods cost a little, since every multiple of a period is one
 * too, and so do leaps from the last frame's.
 */
#include "ser_pitch.h"

#include "ser_correlate.h"
#include "ser_logarithm.h"

/** Voiced frames correlate more than this, Q15, and are at most 40 dB below the peak. */
#define VOICED 16384
#define RANGE 870824

/** What an octave costs, Q15: of a longer period 0.06, away from the last frame's 0.2. */
#define LONGER 1966
#define LEAP 6554

struct candidate {
    int32_t score;
    /** log2, Q16. */
    int32_t period;
    int32_t strength;
};

/**
 * The vertex of the parabola through the autocorrelation at three lags, of which the middle one is a maximum.
 *
 * @param scale 2^14 over the autocorrelation at lag 0, Q16.
 */
static struct candidate vertex(int lag, int32_t before, int32_t at, int32_t after, int32_t scale)
{
    const int32_t rise = after - before, bend = 2 * at - before - after;
    const int bits = 32 - ser_leading_zeros((uint32_t)bend), cut = bits > 16 ? bits - 16 : 0;
    /* At most half a lag, Q15. */
    const int32_t offset = (rise >> cut) * 16384 / (bend >> cut);
    const int32_t height = at + (ser_scale(rise, offset) >> 1);
    const int32_t period = ser_log2((uint64_t)(lag * 32768 + offset)) - 15 * 65536;
    const int32_t strength = ser_scale(height, scale) >> 8;
    const struct candidate candidate = {strength - ser_scale(period, LONGER), period, strength};
    return candidate;
}

static uint64_t heard(const uint32_t *power)
{
    uint64_t sum = 0;
    SER_UNROLL(4)
    for (int bin = SER_CORRELATE_FIRST; bin < SER_CORRELATE_END; bin++) {
        sum += ((uint64_t)power[2 * bin + 1] << 32) | power[2 * bin];
    }
    return sum;
}

/** The best candidate; of strength 0 where there is none. `last` is log2 of the last frame's period, or 0. */
static struct candidate best_of(const int32_t *products, int32_t scale, int32_t last)
{
    struct candidate best = {INT32_MIN, 0, 0};
    const int16_t *window = ser_pitch_window;
    int32_t before = ser_scale(products[SER_PITCH_SHORTEST - 1], *window++);
    int32_t at = ser_scale(products[SER_PITCH_SHORTEST], *window++);
    for (int lag = SER_PITCH_SHORTEST; lag <= SER_PITCH_LONGEST; lag++) {
        const int32_t after = ser_scale(products[lag + 1], *window++);
        if (at > 0 && at > before && at >= after) {
            struct candidate candidate = vertex(lag, before, at, after, scale);
            if (last != 0) {
                const int32_t leap = candidate.period - last;
                candidate.score -= ser_scale(leap < 0 ? -leap : leap, LEAP);
            }
            if (candidate.score > best.score) {
                best = candidate;
            }
        }
        before = at;
        at = after;
    }
    return best;
}

void ser_pitch(struct ser_pitch_state *state, const uint32_t power[SER_WORK_WORDS], int gain, int32_t pitch[SER_PITCH])
{
    const uint64_t sum = heard(power);
    /* Not below 0, and a step is a factor of two whatever the gain was. */
    const int32_t log = ser_log2(sum | 1), level = log + (15 - gain) * 131072;
    const int32_t faded = state->peak - SER_PITCH_FADE;
    state->peak = level > faded ? level : faded;

    const int shift = (log >> 16) + 1 - SER_CORRELATE_BITS;
    struct candidate best = {0, 0, 0};
    /* Less is hardly more than the transform's own rounding. */
    if (shift > 0) {
        int32_t products[128];
        ser_correlate(power, shift, products);
        const uint32_t whole = (uint32_t)(sum >> (shift + SER_CORRELATE_BITS - 16));
        const uint32_t scale = ((1u << 30) + whole / 2) / whole;
        best = best_of(products, (int32_t)(scale < 32767 ? scale : 32767), state->period);
    }
    state->period = best.strength > VOICED && level > state->peak - RANGE ? best.period : 0;
    pitch[0] = state->period >> 1;
    pitch[1] = best.strength < 32767 ? best.strength : 32767;
}
