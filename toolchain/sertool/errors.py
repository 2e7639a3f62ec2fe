"""The errors that a user can meet: what is wrong, where, what is allowed, what to do next."""

from __future__ import annotations

from pathlib import Path

#: Most characters of a line of an error, which may quote what a damaged file says.
LONGEST_LINE = 1000


def printable(text: str | Path) -> str:
    """The text, with the bytes of a file's name that are no UTF-8 written as `\\xe9`."""
    return str(text).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _told(text: str | Path) -> str:
    half = LONGEST_LINE // 2
    return "\n".join(
        line if len(line) <= LONGEST_LINE else f"{line[: half - 5]} [...] {line[2 - half :]}"
        for line in printable(text).split("\n")
    )


class SertoolError(Exception):
    """Wrong usage or wrong input; the command line prints it without a traceback and exits with 2."""

    exit_code = 2

    def __init__(
        self,
        what: str,
        *,
        where: str | Path | None = None,
        allowed: str | None = None,
        hint: str | None = None,
    ) -> None:
        self.what = _told(what)
        self.where = None if where is None else _told(where)
        self.allowed = None if allowed is None else _told(allowed)
        self.hint = hint
        super().__init__(str(self))

    def __str__(self) -> str:
        details = (("where", self.where), ("allowed", self.allowed), ("try", self.hint))
        return "\n".join([self.what, *(f"  {label}: {text}" for label, text in details if text)])


class CheckFailed(SertoolError):
    """A check ran and did not hold (a mismatch between engines, a failed self-test): exit status 1."""

    exit_code = 1
