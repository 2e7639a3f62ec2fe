#include "ser_linker.h"
#include "ser_port.h"

/** The build's last step writes it, see the Makefile. */
__attribute__((section(".seal"), used)) static const struct ser_seal seal = {{0}, 0};

struct ser_image ser_port_image(void)
{
    struct ser_image image = {(const uint8_t *)ser_flash_begin, 0};
    image.bytes = (uint32_t)((uintptr_t)ser_flash_end - (uintptr_t)ser_flash_begin);
    return image;
}
