/**
 * The stages of a frame, in the order in which ser_describe() runs them, and the tables that they read.
 *
 * In the comments FRAME is SER_FRAME_LENGTH, BINS is FRAME / 2 + 1, and RADIX (8 or 4) and PASSES are such that
 * RADIX * 4^PASSES = FRAME / 2.
 */
#ifndef SER_FRONTEND_STAGES_H
#define SER_FRONTEND_STAGES_H

#include <stdint.h>

#include "ser_frontend.h"

#define SER_BINS (SER_FRAME_LENGTH / 2 + 1)

/** Complex points of the transform, radix of its first pass, and its radix-4 passes. */
#define SER_POINTS (SER_FRAME_LENGTH / 2)
#if SER_FRAME_LENGTH == 256
#define SER_RADIX 8
#define SER_PASSES 2
#elif SER_FRAME_LENGTH == 512
#define SER_RADIX 4
#define SER_PASSES 3
#elif SER_FRAME_LENGTH == 1024
#define SER_RADIX 8
#define SER_PASSES 3
#elif SER_FRAME_LENGTH == 2048
#define SER_RADIX 4
#define SER_PASSES 4
#else
#error "the frame length is 256, 512, 1024 or 2048"
#endif

/** Periodic Hann window, Q16, at least 1; the second half is one minus the first. */
extern const uint16_t ser_window[SER_FRAME_LENGTH / 2];
/** Where the first pass puts its groups: the index with its base-4 digits reversed. */
extern const uint8_t ser_reversal[SER_POINTS / SER_RADIX];
/**
 * For each radix-4 pass of length L = RADIX, 4 RADIX, ... and each j < L: exp(-2 pi i j n / 4L), n = 1, 2, 3. Those
 * of the first are times SER_FFT_GAIN.
 */
extern const uint32_t ser_twiddles[SER_POINTS - SER_RADIX];
/** Twiddles of bins below this are for ser_rotate_little(): less than 30 degrees. */
#define SER_FINE_TWIDDLES (SER_FRAME_LENGTH / 12)

/** exp(-2 pi i k / FRAME), 0 <= k < FRAME / 4. */
extern const uint32_t ser_split_twiddles[SER_FRAME_LENGTH / 4];
/** log2(1 + i / 64) in Q16. */
extern const uint16_t ser_log_table[65];

/**
 * Magnitude bound of a hop: with n bits up to its leading one, all samples are in -2^(n - 1) ... 2^(n - 1) - 1.
 *
 * Where two neighbouring bits of a sample differ, the sign ends. Samples are taken two at a time; what the lower
 * one leaks into the bit 0 of the upper one's changes does not matter, since that is set anyway.
 *
 * @param pcm aligned to 4 bytes.
 */
uint16_t ser_peak(const int16_t pcm[SER_HOP_LENGTH]);

/**
 * Window, and first pass of the transform of FRAME / 2 complex points x[2n] + i x[2n + 1].
 *
 * @param gain samples times 2^gain still fit 16 bits; 0 ... 15.
 * @param spectrum FRAME / 2 complex points in the order that ser_fft() takes, scaled by 2^(15 + gain) / RADIX.
 *        |point| <= 2^29.5.
 */
void ser_window_pass(const int16_t pcm[SER_FRAME_LENGTH], int gain, int32_t spectrum[SER_FRAME_LENGTH]);

/**
 * The radix-4 passes, in place, each scaled by 1/4, the first by SER_FFT_GAIN too; leaves natural order.
 * |point| <= 2^29.5 before and after.
 */
void ser_fft(int32_t spectrum[SER_FRAME_LENGTH]);

/**
 * From the transform of the packed points to the BINS real bins X[k], and their powers, in place.
 *
 * @param work spectrum in; out as uint32_t: |X[k] / 64|^2, low word at 2k, high word at 2k + 1. Each is at most
 *        2^48, the sum of all at most 2^48.4 (Parseval; a constant at full scale comes closest). A bin of no power
 *        follows the last, so that bins pair.
 */
void ser_power(int32_t work[SER_WORK_WORDS]);

/** Scale of the spectrum under ser_power(): that of samples of full scale 1, times 2^(gain + this) SER_FFT_GAIN. */
#define SER_SPECTRUM_BITS (30 - (SER_RADIX == 8 ? 3 : 2) - 2 * SER_PASSES - 6)

#if SER_MEL_BANDS
/** Bins between two neighbouring mel points, in order. */
extern const ser_mel_length ser_mel_lengths[SER_MEL_BANDS + 1];
/** Weight of each bin in the band that rises there, Q15; the rest goes to the band that falls there. */
extern const uint16_t ser_mel_weights[SER_BINS];
/** log2 of each band's Slaney gain, Q12, less that of the smallest, which SER_MEL_LOG_BASE has. */
extern const uint16_t ser_mel_gains[SER_MEL_BANDS];

/**
 * Mel bands of the power and their logarithm.
 *
 * @param gain as given to ser_window_pass().
 * @param log_mel log2 of librosa.feature.melspectrogram of samples of full scale 1, Q10 (a step is 0.00294 dB),
 *        within +-32767; silence is -32767 (-96.3 dB).
 */
void ser_mel(const uint32_t power[SER_WORK_WORDS], int gain, int32_t log_mel[SER_MEL_BANDS]);
#endif

#if SER_MFCC
/** Rows of the DCT in the order of ser_mfcc(), times 10 log10(2), in Q(SER_MFCC_BITS). */
extern const int16_t ser_mfcc_rows[];

/** Orthonormal DCT-II of the log-mel bands in dB: Q8, a step is 1/256 dB; |mfcc| < 2^19. */
void ser_mfcc(const int32_t log_mel[SER_MEL_BANDS], int32_t mfcc[SER_MFCC]);
#endif

#if SER_CHROMA
/** Bins up to `end` are divided by 2^shift before they are weighted. */
struct ser_chroma_range {
    uint16_t end;
    uint16_t shift;
};
extern const struct ser_chroma_range ser_chroma_ranges[];
/** Runs of each pitch class: first bin, number of pairs of bins; a run of no pairs ends the class. */
extern const uint16_t ser_chroma_runs[];
/** Weights of the runs' pairs of bins, the first in the low half. */
extern const uint32_t ser_chroma_weights[];

/**
 * Chroma (tuning 0) of the power, the largest of the frame being one: Q15, 0 ... 32768; silence is all 0.
 *
 * @param power is used up.
 */
void ser_chroma(uint32_t power[SER_WORK_WORDS], int32_t chroma[SER_CHROMA]);
#endif

/** All descriptors of the frame in `pcm` into `values`. */
void ser_describe(struct ser_frontend *frontend);

/** Count one more frame's values in the sums (and squares) of the utterance. */
void ser_accumulate(struct ser_frontend *frontend);

/** Mean of each value: unit 1/16 of the value's, rounded to nearest. */
void ser_means(const struct ser_frontend *frontend, int32_t means[SER_VALUES]);

#if SER_USE_DEVIATION
/** Standard deviation (of the population) of each value: unit 1/16 of the value's, rounded down. */
void ser_deviations(const struct ser_frontend *frontend, int32_t deviations[SER_VALUES]);
#endif

#endif
