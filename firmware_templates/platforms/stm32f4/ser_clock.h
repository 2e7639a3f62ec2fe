#ifndef SER_CLOCK_H
#define SER_CLOCK_H

#include <stdint.h>

/** The core's clock as it turned out to be, in hertz, and the serial line's divider of its bus clock. */
struct ser_clocks {
    uint32_t core;
    uint32_t baud_divider;
};

/** Run the core at SER_BOARD_CLOCK_HZ from the board's oscillator, or from the internal one if that is dead. */
struct ser_clocks ser_clock_init(void);

#endif
