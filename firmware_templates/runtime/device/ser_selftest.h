/**
 * @file
 * What the image proves of itself at boot. Every stage is compared by its CRC-32 with what the reference gave; the
 * image's own CRC-32 is also handed to the host, whose comparison no damage of this code can bend.
 */
#ifndef SER_SELFTEST_H
#define SER_SELFTEST_H

#include <stdint.h>

/** What the self-test found. */
struct ser_selftest {
    uint32_t failed; /**< bits of enum ser_stage */
    uint32_t image;  /**< CRC-32 of all that was flashed, the seal included */
    uint32_t seal;   /**< CRC-32 that the seal says of what stands before it */
};

/**
 * Take the CRC-32 of the image, then run the golden sound through front end, standardization and model, and the
 * golden vector through the model; ends any utterance and forgets the speaker.
 */
const struct ser_selftest *ser_selftest_run(void);

/** What the last ser_selftest_run found; before the first one no host takes it for passed. */
const struct ser_selftest *ser_selftest_found(void);

/** Say over serial "passed", or "FAILED" and every stage that failed. */
void ser_selftest_say(const struct ser_selftest *found);

#endif
