#include <string.h>

#include "ser_probe.h"
#include "sertool.h"

int ser_probe_classify(int32_t *features, int8_t *input, int32_t *summary)
{
    ser_result result;
    const int status = ser_classify(&result);

    if (status == 0) {
        memcpy(features, ser_features(), SER_FEATURES * sizeof *features);
        memcpy(input, ser_input(), SER_FEATURES);
        summary[0] = result.label;
        summary[1] = (int32_t)result.frames;
        summary[2] = result.truncated;
        summary[3] = result.certainty;
        summary[4] = (int32_t)result.doubts;
        for (size_t i = 0; i < SER_CLASSES; i++) {
            summary[5 + i] = result.logits[i];
            summary[5 + SER_CLASSES + i] = result.probabilities[i];
        }
    }
    return status;
}
