/** Roll-off: the frequency up to which a part of the power lies. */
#ifndef SER_ROLLOFF_H
#define SER_ROLLOFF_H

#include "ser_frontend_config.h"

/** @param rolloff centre in Hz of the first band up to which at least 25, 50, 75 and 90 % of the power lie */
void ser_rolloff(const int32_t mel_power[SER_MEL_POWER], int32_t rolloff[SER_ROLLOFF]);

#endif
