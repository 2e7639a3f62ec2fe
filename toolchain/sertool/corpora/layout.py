"""What the folders above a file say, level by level from the corpus's own folder: label, speaker, part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sertool.corpora.emotions import plain
from sertool.errors import SertoolError

ASPECTS = ("label", "speaker", "part")
PASSED_OVER = "*"

_TRAIN = frozenset(("train", "training", "tr"))
_VALIDATION = frozenset(("validation", "valid", "val", "dev", "devel", "development"))
_TEST = frozenset(("test", "testing", "tst"))
# Beside a test part this is what validates; alone, it is the test.
_EVALUATION = frozenset(("eval", "evaluation"))


@dataclass(frozen=True)
class Layout:
    """One word a level: label, speaker or part, or `*` for a level that says nothing of these.

    What lies deeper than the last word says nothing either.
    """

    levels: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> Layout:
        """Read `speaker/label` and the like. Raises SertoolError for anything else."""
        levels = tuple(word.strip().lower() for word in text.strip().strip("/").split("/"))
        said = [word for word in levels if word in ASPECTS]
        if not said or len({*said}) < len(said) or not {*levels} <= {*ASPECTS, PASSED_OVER}:
            raise SertoolError(
                f"no layout: {text!r}",
                allowed="one word a level of folders, from the top: label, speaker, part (each once at most) "
                "or * for a level to pass over, such as speaker/label",
            )
        return cls(levels)

    def __str__(self) -> str:
        return "/".join(self.levels)

    def told(self, aspect: str, root: Path, files: Iterable[Path]) -> dict[Path, str]:
        """Name of the folder that says `aspect`, of every file that lies below one."""
        if aspect not in self.levels:
            return {}
        level = self.levels.index(aspect)
        below = ((path, path.relative_to(root).parts[:-1]) for path in files)
        return {path: folders[level] for path, folders in below if len(folders) > level}


def parts_of(names: Iterable[str]) -> dict[str, str]:
    """Which of train, validation and test each name means; names that mean none of them are not in it."""
    words = {name: plain(name) for name in names}
    tested = any(word in _TEST for word in words.values())
    meant = {
        **dict.fromkeys(_TRAIN, "train"),
        **dict.fromkeys(_VALIDATION, "validation"),
        **dict.fromkeys(_TEST, "test"),
        **dict.fromkeys(_EVALUATION, "validation" if tested else "test"),
    }
    return {name: meant[word] for name, word in words.items() if word in meant}
