/** The mel bands merged into 40: few enough to show, and for a short cosine transform. */
#ifndef SER_LOG_MEL40_H
#define SER_LOG_MEL40_H

#include "ser_frontend_config.h"

/** Bands below the first of the 42 mel points, and then between each two. */
extern const uint8_t ser_log_mel40_lengths[SER_LOG_MEL40 + 2];
/** Weight of each of those bands in the triangle that rises there, Q12; the rest goes to the one that falls. */
extern const uint16_t ser_log_mel40_weights[];

/** @param log_mel40 log2 of the power in triangles whose peak is one, Q10, within +-32767 */
void ser_log_mel40(const int32_t log_mel[SER_LOG_MEL], int32_t log_mel40[SER_LOG_MEL40]);

#endif
