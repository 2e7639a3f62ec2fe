#include "ser_journal.h"
#include "ser_standardizer.h"
#include "sertool.h"

__extension__ _Static_assert(sizeof(struct ser_speaker) == SER_SPEAKER_BYTES, "whoever chose the pages knew the state");

enum ser_kept ser_recall(void)
{
    ser_init();
    ser_forget();
    return ser_journal_read(SER_SPEAKER_FINGERPRINT, ser_speaker_at_hand(), SER_SPEAKER_BYTES);
}

enum ser_kept ser_keep(void)
{
    ser_init();
    if (ser_heard() == 0) {
        return SER_KEPT_NONE;
    }
    return ser_journal_write(SER_SPEAKER_FINGERPRINT, ser_speaker_at_hand(), SER_SPEAKER_BYTES);
}

enum ser_kept ser_forget_kept(void)
{
    ser_forget();
    return ser_journal_write(SER_SPEAKER_FINGERPRINT, NULL, 0);
}
