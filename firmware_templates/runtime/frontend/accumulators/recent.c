#include "ser_recent.h"

void ser_follow_recent(struct ser_recent *recent, const int16_t *previous, int count)
{
    for (int i = 0; i < count; i++) {
        recent[i].fourth = recent[i].third;
        recent[i].third = recent[i].second;
        recent[i].second = previous[i];
    }
}
