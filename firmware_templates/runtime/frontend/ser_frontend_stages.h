/**
 * The stages of a frame, in the order in which ser_describe() runs them, and the tables that they read; what
 * descriptors, accumulators and functionals do stands in headers of their own.
 *
 * In the comments FRAME is SER_FRAME_LENGTH, BINS is FRAME / 2 + 1, and RADIX (8 or 4) and PASSES are such that
 * RADIX * 4^PASSES = FRAME / 2.
 */
#ifndef SER_FRONTEND_STAGES_H
#define SER_FRONTEND_STAGES_H

#include <stdint.h>

#include "ser_frontend.h"

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

/** Left shift that brings the loudest sample of a frame to 16 bits, 0 ... 15, from its hops' ser_peak(). */
int ser_gain(const uint16_t peaks[SER_HOPS]);

/**
 * The walks that are rendered from the specification, a call for each thing that there is to do.
 */

/** All descriptors of the frame in `pcm` into `values`. */
void ser_describe(struct ser_frontend *frontend);

/** Count the values of one more frame. */
void ser_count(struct ser_frontend *frontend);

/** Make the features from what was counted of at least one frame. */
void ser_summarize(const struct ser_frontend *frontend, int32_t features[SER_FEATURES]);

#endif
