#include "ser_app.h"

#include <stdbool.h>

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
    uint32_t last_heard = ser_port_milliseconds();
    for (;;) {
        int byte = ser_port_read();
        uint32_t now = ser_port_milliseconds();
        if (byte >= 0) {
            ser_device_receive((uint8_t)byte);
            last_heard = ser_port_milliseconds();
        } else if (ser_device_receiving() && now - last_heard > SER_FRAME_TIMEOUT_MS) {
            ser_device_timeout();
        }
    }
}
