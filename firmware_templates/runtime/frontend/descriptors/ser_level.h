/** Level: the mean power of the frame under its window. */
#ifndef SER_LEVEL_H
#define SER_LEVEL_H

#include "ser_frontend_config.h"

/**
 * @param gain  as given to ser_window_pass()
 * @param level log2 of the mean power of samples of full scale 1, Q10 (a step is 0.00294 dB); silence is -32767
 */
void ser_level(const uint32_t power[SER_WORK_WORDS], int gain, int32_t level[SER_LEVEL]);

#endif
