"""Instructions that Unicorn executes: a hook in C, since one in Python takes ten times as long as the code."""

from __future__ import annotations

import ctypes
from typing import Any

from sertool.compilers import runtime_sources, shared_library


class _State(ctypes.Structure):
    """`struct ser_executed`."""

    _fields_ = (
        ("code", ctypes.c_char_p),
        ("origin", ctypes.c_uint64),
        ("halves", ctypes.c_uint64),
        ("instructions", ctypes.c_uint64),
    )


class Executed:
    """Counts the instructions of `code` (Thumb, at `origin`) that the emulator `uc` executes from now on.

    Made before the first run, since translated code is not patched afterwards. Raises SertoolError where this
    machine has no C compiler.
    """

    def __init__(self, uc: Any, origin: int, code: bytes) -> None:
        import unicorn
        from unicorn.unicorn_py3.unicorn import uclib

        self._state = _State(code, origin, len(code) // 2, 0)
        self._library = ctypes.CDLL(str(shared_library("executed", runtime_sources("emulated"))))
        status = uclib.uc_hook_add(
            uc._uch,
            ctypes.byref(ctypes.c_size_t()),
            unicorn.UC_HOOK_BLOCK,
            ctypes.cast(self._library.ser_executed_block, ctypes.c_void_p),
            ctypes.cast(ctypes.byref(self._state), ctypes.c_void_p),
            1,
            0,
        )
        if status != unicorn.UC_ERR_OK:
            raise unicorn.UcError(status)

    @property
    def instructions(self) -> int:
        """How many."""
        return int(self._state.instructions)

    def reset(self) -> None:
        """Begin at 0."""
        self._state.instructions = 0
