#include "ser_app.h"

#include <stdint.h>

#include "ser_build.h"
#include "ser_device.h"
#include "ser_port.h"
#include "ser_selftest.h"
#include "ser_text.h"
#if SER_BUILD_KEEPS
#include "ser_kept_state.h"
#endif

/** The name first: whoever reads knows what was about to be tested, should a fault come in between. */
static void say_hello(void)
{
    ser_text("\r\n" SER_BUILD_BANNER " image=");
    const struct ser_selftest *found = ser_selftest_run();
    ser_text_hex("", found->image);
    ser_text_hex(" seal=", found->seal);
#if SER_BUILD_KEEPS
    ser_kept_state_say(ser_kept_state_recall());
#endif
    ser_text(" selftest=");
    ser_selftest_say(found);
    ser_text("\r\n");
}

void ser_app(void)
{
    say_hello();
    uint32_t silence = 0;
    for (;;) {
        int byte = ser_port_read();
        ser_port_watchdog();
        if (byte >= 0) {
            silence = 0;
            ser_device_receive((uint8_t)byte);
        } else if (ser_device_receiving() && silence < SER_FRAME_TIMEOUT_MS) {
            silence += SER_PORT_PATIENCE_MS;
        } else if (ser_device_receiving()) {
            silence = 0;
            ser_device_timeout();
        }
    }
}
