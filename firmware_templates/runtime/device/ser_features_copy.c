#include "ser_features_copy.h"

#include "sertool.h"

const int32_t *ser_features_copy(void)
{
    static int32_t features[SER_FEATURES];
    ser_features(features);
    return features;
}
