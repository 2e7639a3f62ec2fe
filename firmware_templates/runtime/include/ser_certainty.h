/**
 * @file
 * How sure an answer is, and why it is not.
 */
#ifndef SER_CERTAINTY_H
#define SER_CERTAINTY_H

/** Whether to believe the label. */
enum ser_certainty {
    SER_SURE = 0,
    SER_NOT_SURE = 1, /**< enum ser_doubt says why */
    SER_NO_VOICE = 2  /**< nobody speaks: the label means nothing */
};

/** Bits; those up to SER_DOUBT_NO_VOICE are about the sound, the others about what the model made of it. */
enum ser_doubt {
    SER_DOUBT_TOO_QUIET = 1 << 0,     /**< even the loudest sample is hardly more than the converter's noise */
    SER_DOUBT_TOO_SHORT = 1 << 1,     /**< too few frames count */
    SER_DOUBT_CLIPPED = 1 << 2,       /**< too many samples are at the ends of their range */
    SER_DOUBT_NO_VOICE = 1 << 3,      /**< too few frames are voiced, or the level never changes */
    SER_DOUBT_UNLIKE_TRAINING = 1 << 4, /**< farther from the training set than its clips are */
    SER_DOUBT_TWO_LABELS = 1 << 5,    /**< the second label has at least half of the first one's probability */
    SER_DOUBT_UNLIKELY = 1 << 6,      /**< no label has enough probability, and no other comes near */
    SER_DOUBTS_OF_SOUND = 2 * SER_DOUBT_NO_VOICE - 1 /**< all that are about the sound */
};

#endif
