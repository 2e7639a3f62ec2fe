/**
 * The library in an application of your own: no serial line, no platform of sertool's. Compile it with the library's
 * sources (sources.txt) or link libsertool.a, and give it the two functions that it asks for.
 */
#include "sertool.h"

/** Yours: fill `pcm` with up to `room` samples, 16 bit, mono, SER_SAMPLE_RATE; 0 ends the utterance. */
size_t board_record(int16_t *pcm, size_t room);

/** Yours: show what was recognized. */
void board_show(const char *emotion, unsigned percent);

/** Listens to one utterance; returns its label, or -1 where that is not sure. */
int32_t hear_utterance(void);

int32_t hear_utterance(void)
{
    int16_t pcm[SER_HOP_LENGTH];
    ser_result result;
    size_t samples;

    ser_init();
    while ((samples = board_record(pcm, SER_HOP_LENGTH)) > 0) {
        ser_push(pcm, samples);
    }
    if (ser_classify(&result) != 0 || result.certainty != SER_SURE) {
        return -1;
    }
    /* A probability p stands as 256 p - 128. */
    unsigned percent = (unsigned)(result.probabilities[result.label] + 128) * 100u / 256u;
    board_show(ser_labels[result.label], percent);
    return result.label;
}
