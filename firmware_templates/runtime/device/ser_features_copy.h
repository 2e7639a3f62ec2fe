#ifndef SER_FEATURES_COPY_H
#define SER_FEATURES_COPY_H

#include <stdint.h>

/** The SER_FEATURES features of the last successful ser_classify(), in the one buffer that everybody shares. */
const int32_t *ser_features_copy(void);

#endif
