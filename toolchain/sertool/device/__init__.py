"""Boards from the host's side: the serial protocol, QEMU, ports, flashing."""

from sertool.device.client import Client
from sertool.device.link import DeviceError
from sertool.device.messages import Banner, Heard, Info, Kept, Ran, SelfTest
from sertool.device.payloads import MalformedReply
from sertool.device.qemu import EmulatedBoard
from sertool.device.receiver import DeviceRestarted
from sertool.device.streams import SerialStream, serial_ports
from sertool.device.verdict import Verdict

__all__ = [
    "Banner",
    "Client",
    "DeviceError",
    "DeviceRestarted",
    "EmulatedBoard",
    "Heard",
    "Info",
    "Kept",
    "MalformedReply",
    "Ran",
    "SelfTest",
    "SerialStream",
    "Verdict",
    "serial_ports",
]
