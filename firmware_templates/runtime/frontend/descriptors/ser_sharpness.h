/** Sharpness: where on the ear's scale the loudness lies. */
#ifndef SER_SHARPNESS_H
#define SER_SHARPNESS_H

#include "ser_frontend_config.h"

/** What loudness in each group is worth, in acum, Q12. */
extern const uint16_t ser_sharpness_weights[SER_AUDITORY];

/** @param sharpness in acum, Q12 */
void ser_sharpness(const int32_t auditory[SER_AUDITORY], int32_t sharpness[SER_SHARPNESS]);

#endif
