"""Boards from the host's side: the serial protocol, QEMU, ports, flashing."""

from sertool.device.client import Client, DeviceError
from sertool.device.emulator import EmulatedBoard
from sertool.device.flashing import flash
from sertool.device.messages import Banner, Heard, Info, Ran, SelfTest
from sertool.device.streams import SerialStream, serial_ports

__all__ = [
    "Banner",
    "Client",
    "DeviceError",
    "EmulatedBoard",
    "Heard",
    "Info",
    "Ran",
    "SelfTest",
    "SerialStream",
    "flash",
    "serial_ports",
]
