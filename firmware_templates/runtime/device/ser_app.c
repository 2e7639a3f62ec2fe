#include "ser_app.h"

#include <stdint.h>

#include "ser_build.h"
#include "ser_device.h"
#include "ser_port.h"
#include "ser_selftest.h"
#include "ser_text.h"

static void say_hello(void)
{
    (void)ser_selftest_run();
    ser_text("\r\n" SER_BUILD_BANNER " selftest=");
    ser_text(ser_selftest_passed() ? "passed\r\n" : "FAILED\r\n");
}

void ser_app(void)
{
    say_hello();
    uint32_t silence = 0;
    for (;;) {
        int byte = ser_port_read();
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
