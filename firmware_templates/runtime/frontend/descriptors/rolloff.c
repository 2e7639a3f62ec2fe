/** Roll-off: the frequency up to which a part of the power lies. Parts are compared exactly. */
#include "ser_rolloff.h"

#include "ser_mel_power.h"

/** 25, 50, 75 and 90 % in twentieths: small enough that no product leaves 64 bits. */
static const uint8_t twentieths[SER_ROLLOFF] = {5, 10, 15, 18};

void ser_rolloff(const int32_t mel_power[SER_MEL_POWER], int32_t rolloff[SER_ROLLOFF])
{
    uint64_t sum = 0, part = 0;
    for (int band = 0; band < SER_LOG_MEL; band++) {
        sum += (uint32_t)mel_power[band];
    }
    int band = 0;
    for (int i = 0; i < SER_ROLLOFF; i++) {
        const uint64_t wanted = sum * twentieths[i];
        while (band < SER_LOG_MEL && (part + (uint32_t)mel_power[band]) * 20 < wanted) {
            part += (uint32_t)mel_power[band];
            band++;
        }
        rolloff[i] = ser_mel_power_centres[band];
    }
}
