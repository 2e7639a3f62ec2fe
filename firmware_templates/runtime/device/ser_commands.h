/**
 * @file
 * What each command of ser_device.h does.
 */
#ifndef SER_COMMANDS_H
#define SER_COMMANDS_H

#include "ser_device.h"
#include "ser_frame.h"

/**
 * Obey the command in a good frame and reply to it, or return why not, having replied and changed nothing;
 * `allowed` then takes what enum ser_error says. `again` says that it is the frame that was obeyed last.
 */
enum ser_error ser_command(const struct ser_frame *frame, bool again, uint32_t *allowed);

/** Reply to INFO. */
void ser_command_info(const struct ser_frame *frame);

/** Reply to RUN, whose payload's length is right. */
void ser_command_run(const struct ser_frame *frame);

/** Reply to SELFTEST, after running it. */
void ser_command_selftest(const struct ser_frame *frame);

/** Forget the speaker, and reply. */
void ser_command_forget(const struct ser_frame *frame);

/** Obey ENROLL outside an utterance; as ser_command. */
enum ser_error ser_command_enroll(const struct ser_frame *frame, bool again, uint32_t *allowed);

/** Obey CLASSIFY, PCM, END and ABORT; as ser_command. */
enum ser_error ser_command_utterance(const struct ser_frame *frame, bool again, uint32_t *allowed);

/** Whether an utterance has begun: the model's and the front end's memory is then not free for other commands. */
bool ser_utterance_open(void);

#endif
