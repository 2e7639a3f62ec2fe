#ifndef SER_CLOCK_H
#define SER_CLOCK_H

#include <stdint.h>

/** Clocks as they turned out to be, in hertz. */
struct ser_clocks {
    uint32_t core;
    uint32_t apb2;
};

/** Run the core from the crystal at SER_BOARD_CLOCK_HZ, or from the internal oscillator if there is no crystal. */
struct ser_clocks ser_clock_init(void);

#endif
