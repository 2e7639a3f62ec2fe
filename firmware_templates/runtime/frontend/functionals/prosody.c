#include "ser_prosody.h"

#include "ser_divide.h"
#include "ser_logarithm.h"
#include "ser_magnitude.h"
#include "ser_skewness.h"

/** What unvoiced frames are held to lie below voiced ones where there are none: 20 dB in Q10 octaves. */
#define UNVOICED_BELOW 6803

/** What is counted as active lies this many bins of 3 dB below the 99th percentile at most. */
#define ACTIVE_BINS 10

/** 16 sum / count, rounded to nearest; 0 of nothing. */
static int32_t mean(int64_t sum, uint32_t count)
{
    return count == 0 ? 0 : (int32_t)ser_floor_divide(16 * sum + count / 2, count);
}

/** 16 times the deviation of `count` > 0 numbers. */
static int32_t deviation(int64_t sum, int64_t squares, uint32_t count)
{
    return ser_fixed(ser_over(ser_root(ser_spread(sum, squares, count)), ser_magnitude_from(count)), 4);
}

/** part / whole in Q15. */
static int32_t share(uint32_t part, uint32_t whole)
{
    return whole == 0 ? 0 : (int32_t)(((uint64_t)part << 15) / whole);
}

static int32_t rate(uint32_t events, uint32_t frames)
{
    const uint64_t seconds = (uint64_t)frames * SER_HOP_LENGTH;
    return ser_fixed(ser_over(ser_magnitude_from((uint64_t)events * SER_SAMPLE_RATE), ser_magnitude_from(seconds)), 15);
}

/** The bin that a percentile lies in, frames in those before it in `before`. */
static int bin_of(const uint16_t *histogram, uint32_t percent, uint32_t total, uint32_t *before)
{
    int bin = 0;
    *before = 0;
    while (100 * (*before + histogram[bin]) < percent * total) {
        *before += histogram[bin++];
    }
    return bin;
}

/** A percentile of F0, on a line through its bin. */
static int32_t percentile(const struct ser_phrase *phrase, uint32_t percent)
{
    uint32_t before;
    const int bin = bin_of(phrase->f0_histogram, percent, phrase->voiced, &before);
    const uint32_t into = percent * phrase->voiced - 100 * before, in_bin = 100u * phrase->f0_histogram[bin];
    return 16 * (SER_F0_LOWEST + SER_F0_BIN * bin) + (int32_t)((uint64_t)into * (16 * SER_F0_BIN) / in_bin);
}

/** The mean of a third of the voiced frames, from the first block on or from the last. */
static int32_t third(const struct ser_phrase *phrase, bool last)
{
    const int blocks = phrase->filled + 1;
    int32_t left = phrase->voiced, total = 0;
    int64_t part = 0;
    for (int i = 0; i < blocks && left > 0; i++) {
        const int block = last ? blocks - 1 - i : i;
        const int32_t sum = block == phrase->filled ? phrase->block : phrase->blocks[block];
        const int32_t length = block == phrase->filled ? phrase->in_block : phrase->block_length;
        if (3 * length <= left) {
            total += sum;
            left -= 3 * length;
        } else {
            part = (int64_t)sum * left * 16 / length;
            left = 0;
        }
    }
    return (int32_t)ser_floor_divide(48 * (int64_t)total + part + phrase->voiced / 2, phrase->voiced);
}

/** One less a share that rounding may have made more than one, to 2^-31. */
static struct ser_magnitude unexplained(struct ser_magnitude share)
{
    const int shift = -31 - share.exponent;
    const uint32_t explained = shift > 31 ? 0 : shift < 0 ? 1u << 31 : share.mantissa >> shift;
    struct ser_magnitude rest = ser_magnitude_from(explained >> 31 ? 0 : (1u << 31) - explained);
    rest.exponent -= 31;
    return rest;
}

/** The line that fits F0 best, and how far F0 strays from it. */
static void fit_line(const struct ser_phrase *phrase, uint32_t frames, int32_t *slope, int32_t *straying)
{
    const uint32_t voiced = phrase->voiced;
    const int64_t covariance = voiced * phrase->times_f0 - (int64_t)phrase->times * phrase->f0_sum;
    const struct ser_magnitude size = ser_magnitude_of(covariance);
    const struct ser_magnitude times = ser_spread(phrase->times, phrase->times_squares, voiced);
    const struct ser_magnitude spread = ser_spread(phrase->f0_sum, phrase->f0_squares, voiced);
    const struct ser_magnitude steepness = ser_over(size, times);
    const int32_t rising = ser_fixed(ser_times(steepness, ser_magnitude_from(frames)), 3);
    *slope = covariance < 0 ? -rising : rising;
    *straying = 0;
    if (spread.mantissa) {
        const struct ser_magnitude rest = ser_times(spread, unexplained(ser_over(ser_times(steepness, size), spread)));
        *straying = ser_fixed(ser_over(ser_root(rest), ser_magnitude_from(voiced)), 4);
    }
}

/** Mean and deviation of the lengths of the segments that are voiced or not, the open one included. */
static void measure_segments(const struct ser_phrase *phrase, bool voiced, uint32_t frames, uint32_t *segments,
                             int32_t features[2])
{
    const bool open = (phrase->f0[0] > 0) == voiced;
    const uint32_t last = open ? phrase->length : 0;
    const uint32_t total = voiced ? phrase->voiced : frames - phrase->voiced;
    *segments = phrase->segments[voiced] + open;
    features[0] = mean(total, *segments);
    features[1] = *segments == 0 ? 0
                                 : deviation(total, (int64_t)phrase->length_squares[voiced] + (int64_t)last * last,
                                             *segments);
}

/** The share of frames whose level is at most ACTIVE_BINS bins below the 99th percentile. */
static int32_t activity(const struct ser_phrase *phrase, uint32_t frames)
{
    uint32_t before, above = frames;
    const int top = bin_of(phrase->level_histogram, 99, frames, &before), bin = top - ACTIVE_BINS;
    if (bin < 0) {
        return 32768;
    }
    for (int i = 0; i <= bin; i++) {
        above -= phrase->level_histogram[i];
    }
    const uint32_t in_top = phrase->level_histogram[top];
    const uint64_t beyond = 100 * (uint64_t)(before + in_top) - 99 * (uint64_t)frames;
    const uint64_t part = (beyond * phrase->level_histogram[bin] << 15) / (100 * (uint64_t)in_top);
    return (int32_t)((((uint64_t)above << 15) + part) / frames);
}

static void summarize_f0(const struct ser_phrase *phrase, uint32_t frames, int32_t features[22])
{
    static const uint8_t percents[] = {5, 20, 50, 80, 95};
    const uint32_t voiced = phrase->voiced;
    const int32_t average = mean(phrase->f0_sum, voiced);
    features[0] = average;
    features[1] = deviation(phrase->f0_sum, phrase->f0_squares, voiced);
    for (int i = 0; i < 5; i++) {
        features[2 + i] = percentile(phrase, percents[i]);
    }
    features[7] = features[6] - features[2];
    features[8] = ser_skewness(phrase->f0_sum, phrase->f0_squares, phrase->f0_cubes, voiced);
    fit_line(phrase, frames, &features[9], &features[10]);
    features[11] = mean(phrase->rise + phrase->fall, phrase->changes);
    features[12] = mean(phrase->rise, phrase->rises);
    features[13] = -mean(phrase->fall, phrase->falls);
    features[14] = share(phrase->rises, phrase->changes);
    features[15] = third(phrase, false) - average;
    features[16] = third(phrase, true) - average;
    features[17] = mean(phrase->voiced_f0[0] + phrase->voiced_f0[1] + phrase->voiced_f0[2], 3) - average;
    features[18] = share(phrase->highest_at, voiced);
    features[19] = mean(phrase->bend, phrase->bends);
    features[20] = mean(phrase->levels[1], voiced);
    features[21] = voiced < frames ? mean(phrase->levels[0], frames - voiced) : features[20] - 16 * UNVOICED_BELOW;
}

void ser_prosody(const struct ser_phrase *phrase, uint32_t frames, int count, int32_t *features)
{
    uint32_t segments;
    (void)count;
    for (int i = 0; i < 22; i++) {
        features[i] = 0;
    }
    if (phrase->voiced >= SER_PROSODY_VOICED) {
        summarize_f0(phrase, frames, features);
    }
    features[22] = share(phrase->voiced, frames);
    measure_segments(phrase, false, frames, &segments, features + 26);
    measure_segments(phrase, true, frames, &segments, features + 24);
    features[23] = rate(segments, frames);
    features[28] = ser_log2(frames) >> 1;
    features[29] = activity(phrase, frames);
    features[30] = rate(phrase->pauses, frames);
    features[31] = rate(phrase->syllables, frames);
}
