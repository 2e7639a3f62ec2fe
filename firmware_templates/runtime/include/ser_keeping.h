/**
 * Keeping what is known of the speaker over a reset, in two pages of flash that the functions of ser_flash.h reach.
 *
 * Flash is written by ser_keep() and ser_forget_kept() alone, and only where it says something else already. It wears:
 * keep after a sitting, not after every utterance. A typical use:
 *
 *     (void)ser_recall();
 *     for (;;) {
 *         hear_utterances();
 *         (void)ser_keep();
 *     }
 *
 * Power may be lost at any moment: what is kept is then the state from before or the new one.
 */
#ifndef SER_KEEPING_H
#define SER_KEEPING_H

#ifdef __cplusplus
extern "C" {
#endif

/** What is kept, or became of keeping it. */
enum ser_kept {
    SER_KEPT_NONE = 0,    /**< nobody: nothing was ever kept, or it was forgotten */
    SER_KEPT_STATE = 1,   /**< somebody */
    SER_KEPT_FOREIGN = 2, /**< somebody as another model knows them: not taken */
    SER_KEPT_DAMAGED = 3, /**< something that was never kept whole: not taken */
    SER_KEPT_MOVED = 4,   /**< now what was asked for, behind a place that is worn: what was read back there differed */
    SER_KEPT_WORN = 5,    /**< what was kept before: no place takes anything else any more */
    SER_KEPT_UNREAD = 6   /**< not known: the image is not whole, and does not touch the pages (sertool's device) */
};

/**
 * Begin with the speaker who was kept, or with somebody new; ends any utterance.
 *
 * @return SER_KEPT_STATE when somebody was kept; NONE, FOREIGN or DAMAGED: somebody new
 */
enum ser_kept ser_recall(void);

/**
 * Keep what is known of the speaker. Ends the utterance as ser_init() does, so that what was classified counts.
 * Who was never heard is not kept: what is in flash stays.
 *
 * @return SER_KEPT_STATE, MOVED or WORN; NONE when nobody was heard
 */
enum ser_kept ser_keep(void);

/**
 * Forget the speaker as ser_forget() does, in flash too: nobody comes back at the next reset, of any model.
 *
 * @return SER_KEPT_NONE, MOVED or WORN
 */
enum ser_kept ser_forget_kept(void);

#ifdef __cplusplus
}
#endif

#endif
