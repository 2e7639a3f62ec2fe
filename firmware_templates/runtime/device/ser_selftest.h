#ifndef SER_SELFTEST_H
#define SER_SELFTEST_H

#include <stdbool.h>
#include <stdint.h>

/** What the self-test found. */
struct ser_selftest {
    uint32_t vectors;      /**< golden inputs that went through the model */
    uint32_t failed;       /**< of them, those whose logits or label differed */
    uint32_t first_failed; /**< the first of those; `vectors` when there is none */
    bool speech;           /**< the features of the golden sound are equal */
};

/** Run the golden vectors through the model and the golden sound through the front end; ends any utterance. */
struct ser_selftest ser_selftest_run(void);

/** Whether the last ser_selftest_run found everything equal; false before the first. */
bool ser_selftest_passed(void);

#endif
