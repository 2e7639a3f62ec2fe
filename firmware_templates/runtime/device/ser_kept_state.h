/**
 * @file
 * What the device does with a speaker who is kept over a reset; only in images with a place for that.
 */
#ifndef SER_KEPT_STATE_H
#define SER_KEPT_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "ser_frame.h"
#include "ser_keeping.h"

/** Take the speaker who was kept, once the self-test has passed; before, and where it failed, flash is not touched. */
enum ser_kept ser_kept_state_recall(void);

/** Say over serial what was kept. */
void ser_kept_state_say(enum ser_kept kept);

/** Obey KEEP or KEPT; false, and nothing is done, when it is neither. `again` as for ser_command(). */
bool ser_command_of_kept(const struct ser_frame *frame, bool again);

/** Forget the speaker in memory and in flash; whether flash took it, or `why` not: enum ser_kept. */
bool ser_kept_state_forget(uint32_t *why);

#endif
