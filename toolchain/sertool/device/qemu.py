"""QEMU as a board: the very image that is flashed, its serial line as a byte stream."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
import weakref
from pathlib import Path

from sertool.device.streams import SocketStream
from sertool.errors import SertoolError
from sertool.targets import Target

_QEMU = "qemu-system-arm"

#: Runs the emulator until standard input ends: so it ends with this process, however this process ends. The
#: serial line is the emulator's standard output, and nobody else's, so that it closes when the emulator ends.
_WATCH = 'trap "" INT; "$0" "$@" <&- & exec >&-; read -r _; kill -9 $! 2>&-; wait $!'


class EmulatedBoard(SocketStream):
    """A running emulator; closing it ends the emulator."""

    def __init__(self, target: Target, image: Path) -> None:
        """Start `image` (ELF) on the machine that `target` names; raise SertoolError when that cannot be."""
        program = find_qemu()
        if target.qemu is None:
            raise SertoolError(
                f"the target {target.name} has no emulator", hint="name the port of a real board: device.port"
            )
        if not image.is_file():
            raise SertoolError("there is no image to emulate", where=image, hint="sertool build")
        ours, theirs = socket.socketpair()
        command = [
            program, "-M", target.qemu.machine, "-display", "none", "-monitor", "none", "-nodefaults",
            "-chardev", "socket,id=line,fd=1", "-serial", "chardev:line", "-kernel", str(image),
        ]  # fmt: skip
        with theirs:
            self._process = subprocess.Popen(
                ["sh", "-c", _WATCH, *command],
                stdin=subprocess.PIPE,
                stdout=theirs.fileno(),
                stderr=subprocess.PIPE,
            )
        super().__init__(f"{_QEMU} -M {target.qemu.machine}", ours)
        self._ending = threading.Lock()
        self._end = weakref.finalize(self, _end, self._process, ours, self._ending)

    def read(self, timeout: float) -> bytes:
        """See ByteStream; says what QEMU said when it ended by itself."""
        try:
            return super().read(timeout)
        except SertoolError as error:
            raise self._explain(error) from error

    def write(self, data: bytes) -> None:
        """See ByteStream; says what QEMU said when it ended by itself."""
        try:
            super().write(data)
        except SertoolError as error:
            raise self._explain(error) from error

    def close(self) -> None:
        """End the emulator; may be called twice."""
        self._end()

    def _explain(self, error: SertoolError) -> SertoolError:
        try:
            with self._ending:
                _, said = self._process.communicate(timeout=5)
        except subprocess.TimeoutExpired:
            return error
        return SertoolError(
            f"the emulator ended with status {self._process.returncode}: "
            f"{said.decode(errors='replace').strip()[:200] or 'it said nothing'}",
            where=self.name,
        )


def find_qemu() -> str:
    """Path of the emulator; raises SertoolError when it is not installed."""
    program = shutil.which(_QEMU)
    if program is None:
        raise SertoolError(f"{_QEMU} was not found", where="PATH", hint=f"apt-get install {_QEMU}")
    return program


def _end(process: subprocess.Popen[bytes], line: socket.socket, ending: threading.Lock) -> None:
    line.close()
    # This process may end while a thread of it hears that the line is closed.
    with ending:
        if process.poll() is None:
            process.communicate()
