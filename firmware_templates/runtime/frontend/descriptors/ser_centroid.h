/** Centroid: the mean frequency of the power. */
#ifndef SER_CENTROID_H
#define SER_CENTROID_H

#include "ser_frontend_config.h"

/** @param centroid in Hz */
void ser_centroid(const int32_t mel_power[SER_MEL_POWER], int32_t centroid[SER_CENTROID]);

#endif
