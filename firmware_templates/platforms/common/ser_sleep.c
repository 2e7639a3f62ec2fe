#include "ser_sleep.h"

#include "ser_register.h"

#define NVIC_ISER(irq) SER_REGISTER(0xE000E100u + (irq) / 32u * 4u)
#define NVIC_ICPR(irq) SER_REGISTER(0xE000E280u + (irq) / 32u * 4u)

void ser_sleep_on(uint32_t irq)
{
    NVIC_ISER(irq) = 1u << irq % 32u;
}

void ser_sleep_arm(uint32_t irq)
{
    NVIC_ICPR(irq) = 1u << irq % 32u;
}

void ser_sleep(void)
{
    __asm__ volatile("dsb\n\twfi" : : : "memory");
}
