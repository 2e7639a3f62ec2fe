/**
 * @file
 * The device's side of the serial protocol (frames: ser_frame.h). The host sends a command and waits for its
 * reply; PCM goes in pieces, each acknowledged, so that the device never has to buffer sound.
 *
 *     command         type  payload                     reply (type | 0x80)
 *     INFO            0x01  none                        16 words, then lines of text: see ser_info.c
 *     RUN             0x02  int8 input[SER_FEATURES]    a LAYER for each layer, then: word label,
 *                                                       int8 logits[SER_CLASSES], int8 probabilities[SER_CLASSES]
 *     SELFTEST        0x03  none                        words: failed stages (bits of enum ser_stage), CRC-32
 *                                                       of the image, CRC-32 that its seal says, stack bytes
 *                                                       reserved, used; KiB of the image, CRC-32 of each
 *     FORGET          0x04  none                        none; forgets the speaker, see ser_forget(), and the one who
 *                                                       is kept in flash
 *     KEEP            0x05  none                        word: enum ser_kept; keeps the speaker in flash, see ser_keep()
 *     KEPT            0x06  none                        word: enum ser_kept, as it was at the last reset
 *     ENROLL          0x07  none                        word: utterances that the speaker has enrolled with, the
 *                                                       one that ended last among them; see ser_enroll()
 *     CLASSIFY        0x10  none                        none; begins a new utterance
 *     PCM             0x11  word offset in samples,     word: samples so far
 *                           then 1 to 256 int16
 *     END             0x12  none                        words: label, frames, truncated (0 or 1), CRC-32 of the
 *                                                       samples heard, certainty (enum ser_certainty), doubts
 *                                                       (enum ser_doubt); int32 features[SER_FEATURES], int8
 *                                                       input[SER_FEATURES], int8 logits[SER_CLASSES],
 *                                                       int8 probabilities[SER_CLASSES]
 *     ABORT           0x13  none                        none; forgets the utterance, if there is one, and lets the
 *                                                       one that ended last not count for its speaker
 *
 *     LAYER           0xC0  word index, then the layer's values: int8 each, for arg max one int32
 *     ERROR           0xFF  bytes: code (enum ser_error), type of the frame, 0, 0; word: what is allowed
 *
 * Where standardization follows the speaker, a voice whose utterance ended counts when the next one begins, or when
 * KEEP comes. Where speakers enrol, it counts when ENROLL comes before either. SELFTEST forgets the speaker, but not
 * the one who is kept.
 *
 * To an image without a place for it KEEP and KEPT are unknown types.
 *
 * A word is a uint32. Between CLASSIFY and END only PCM, END, ABORT, CLASSIFY and INFO are in order. A refused
 * frame changes nothing. A damaged frame is reported once, whatever looks like a frame within it; a good frame
 * within it is obeyed.
 *
 * A host that has no answer sends the same frame again, sequence and all. The same bytes as in the frame that was
 * obeyed last are that frame again: it is answered as before, and no sound is heard twice. Whether frames went
 * astray in any other way, the CRC-32 in the reply to END tells.
 */
#ifndef SER_DEVICE_H
#define SER_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

enum ser_command {
    SER_COMMAND_INFO = 0x01,
    SER_COMMAND_RUN = 0x02,
    SER_COMMAND_SELFTEST = 0x03,
    SER_COMMAND_FORGET = 0x04,
    SER_COMMAND_KEEP = 0x05,
    SER_COMMAND_KEPT = 0x06,
    SER_COMMAND_ENROLL = 0x07,
    SER_COMMAND_CLASSIFY = 0x10,
    SER_COMMAND_PCM = 0x11,
    SER_COMMAND_END = 0x12,
    SER_COMMAND_ABORT = 0x13,
    SER_REPLY = 0x80, /**< added to the command's type */
    SER_REPLY_LAYER = 0xC0,
    SER_REPLY_ERROR = 0xFF
};

/**
 * Stages of the self-test. It passed when none failed and the image's CRC-32 is what follows from its seal: the
 * seal's bytes ("ser", 0, then its CRC-32) behind the bytes whose CRC-32 it says.
 */
enum ser_stage {
    SER_STAGE_SEAL = 0,     /**< the image was never sealed */
    SER_STAGE_IMAGE = 1,    /**< what was flashed is not what was sealed */
    SER_STAGE_FEATURES = 2, /**< of the golden sound */
    SER_STAGE_INPUT = 3,    /**< those features, standardized */
    SER_STAGE_RESULT = 4,   /**< label, logits and probabilities as they are handed out, or a layer was left out */
    SER_STAGE_LAYER = 5     /**< output of layer 0, then of layer 1, ...; bit 31 stands for all from there on */
};

enum ser_error {
    SER_ERROR_NONE = 0,
    SER_ERROR_CRC = 1,
    SER_ERROR_VERSION = 2,      /**< allowed: the version */
    SER_ERROR_TOO_LONG = 3,     /**< allowed: bytes of payload */
    SER_ERROR_TIMEOUT = 4,      /**< allowed: milliseconds between the bytes of a frame */
    SER_ERROR_UNKNOWN_TYPE = 5,
    SER_ERROR_LENGTH = 6,       /**< allowed: bytes of payload of this command */
    SER_ERROR_ORDER = 7,
    SER_ERROR_OFFSET = 8,       /**< allowed: the offset that is due */
    SER_ERROR_TOO_MUCH_PCM = 9, /**< allowed: samples in an utterance */
    SER_ERROR_TOO_SHORT = 10,   /**< no whole frame of sound was heard */
    SER_ERROR_NOT_FORGOTTEN = 11, /**< flash keeps the speaker until the next reset; allowed: why, enum ser_kept */
    SER_ERROR_UNSUITABLE = 12,  /**< to enrol; allowed: the doubts about the sound (enum ser_doubt), all to be 0 */
    SER_ERROR_ENOUGH_HEARD = 13, /**< allowed: utterances that a speaker enrols with; FORGET first */
    SER_ERROR_ENROLLS_NOBODY = 14
};

/** A frame whose next byte takes longer than this many milliseconds is given up. */
#define SER_FRAME_TIMEOUT_MS 1000u

/** Take a received byte, and answer when it completes a frame. */
void ser_device_receive(uint8_t byte);

/** Whether a frame has begun and not ended. */
bool ser_device_receiving(void);

/** The rest of a frame did not come for SER_FRAME_TIMEOUT_MS: say so and look for another in what came. */
void ser_device_timeout(void);

#endif
