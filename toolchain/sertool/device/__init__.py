"""Boards from the host's side: the serial protocol, QEMU, ports, flashing."""
