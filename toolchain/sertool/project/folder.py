"""Where a build's files lie, and which of its stages still hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sertool.digests import file_digest
from sertool.errors import SertoolError
from sertool.files import write_atomic
from sertool.json_files import json_text, kept_json, load_json
from sertool.plain_values import Digest, RelativePath

Record = TypeVar("Record")


@dataclass(frozen=True)
class Stamp:
    """Digest of what a stage was made from, and of each file below the build folder that it left."""

    inputs: str
    outputs: Mapping[RelativePath, Digest]


@dataclass(frozen=True)
class BuildFolder:
    """The files of one build (`build/<target>`), by what they are."""

    root: Path

    @property
    def model(self) -> Path:
        """Folder of the trained and quantized model."""
        return self.root / "model"

    @property
    def frontend(self) -> Path:
        """Front-end specification and standardizer."""
        return self.model / "frontend.json"

    @property
    def split(self) -> Path:
        """Which clips were trained on, validated on and held out."""
        return self.model / "split.json"

    @property
    def search_model(self) -> Path:
        """Float weights that have not seen the validation part: widths are chosen with these."""
        return self.model / "search.npz"

    @property
    def float_model(self) -> Path:
        """Float weights, trained on the validation part too: what is quantized and kept."""
        return self.model / "float.npz"

    @property
    def training(self) -> Path:
        """Training history."""
        return self.model / "training.json"

    @property
    def quantized_model(self) -> Path:
        """Codes, scales and biases after fine-tuning."""
        return self.model / "laq.npz"

    @property
    def laq(self) -> Path:
        """Importance and width of each layer."""
        return self.model / "laq.json"

    @property
    def tflite(self) -> Path:
        """The model that stock TFLite Micro runs; all that later stages need."""
        return self.model / "model.tflite"

    @property
    def tflite_lut(self) -> Path:
        """The same model with TFLM's look-up-table compression."""
        return self.model / "model.lut.tflite"

    @property
    def checkpoint(self) -> Path:
        """What the checkpoint that was taken up says of itself."""
        return self.model / "checkpoint.json"

    @property
    def labels(self) -> Path:
        """One label a line."""
        return self.model / "labels.txt"

    @property
    def firmware(self) -> Path:
        """The rendered C project."""
        return self.root / "firmware"

    @property
    def readme(self) -> Path:
        """What the C project says of itself; `compile` writes into it what was measured."""
        return self.firmware / "README.md"

    @property
    def image(self) -> Path:
        """ELF, HEX, BIN and map."""
        return self.root / "image"

    @property
    def report(self) -> Path:
        """Report in HTML and JSON, and the model card."""
        return self.root / "report"

    @property
    def verification(self) -> Path:
        """What `simulate` found."""
        return self.root / "verification.json"

    @property
    def manifest(self) -> Path:
        """Settings, hashes and versions: enough to make the same bytes again."""
        return self.root / "manifest.json"

    @property
    def sweep(self) -> Path:
        """Rows of the sweeps for this target."""
        return self.root / "sweep.sqlite"

    @property
    def evaluation(self) -> Path:
        """What every fold of a protocol gave, or this build on other recordings: a page and its figures."""
        return self.root / "evaluation"

    @property
    def evaluation_rows(self) -> Path:
        """Rows of the evaluations with this project's settings, from which an interrupted one goes on."""
        return self.evaluation / "evaluation.sqlite"

    @property
    def files(self) -> tuple[Path, ...]:
        """Every single file that stages write here under a name of its own."""
        model = (self.frontend, self.split, self.search_model, self.float_model, self.training)
        quantized = (self.quantized_model, self.laq, self.tflite, self.tflite_lut, self.checkpoint, self.labels)
        return (*model, *quantized, self.verification, self.manifest, self.sweep, self.evaluation_rows)

    def require(self, path: Path, stage: str) -> Path:
        """Return `path`; raise SertoolError naming the stage that makes it when it is not there."""
        if not path.exists():
            raise SertoolError(
                f"{path.name} is not there yet",
                where=path,
                hint=f"run: sertool {stage} (with the same output folder and target)",
            )
        return path

    def read(self, path: Path, kind: type[Record], stage: str) -> Record:
        """Read a JSON file that `stage` wrote; raise SertoolError when it is missing or damaged."""
        return load_json(self.require(path, stage), kind, f"run again: sertool {stage}")

    def write(self, path: Path, record: object) -> None:
        """Write a record as a JSON file, whole or not at all."""
        write_atomic(path, json_text(record))

    def holds(self, stage: str, fingerprint: str) -> bool:
        """Whether `stage` has run from inputs of this fingerprint and its outputs are still as it left them."""
        stamp = kept_json(self._stamp(stage), Stamp)
        return stamp is not None and stamp.inputs == fingerprint and not self._changed(stamp)

    def changed(self, stage: str) -> list[str]:
        """Files that are no longer as `stage` left them; none where it left no stamp."""
        stamp = kept_json(self._stamp(stage), Stamp)
        return self._changed(stamp) if stamp else []

    def stamp(self, stage: str, fingerprint: str, outputs: Sequence[Path], but: Sequence[Path] = ()) -> None:
        """Record that `stage` made `outputs` (files, or folders with all their files) from these inputs.

        Files of `but` are a later stage's.
        """
        files = sorted(
            file
            for path in outputs
            for file in ([path] if path.is_file() else path.rglob("*"))
            if file.is_file() and file not in but
        )
        digests = {file.relative_to(self.root).as_posix(): file_digest(file) for file in files}
        self.write(self._stamp(stage), Stamp(fingerprint, digests))

    def _changed(self, stamp: Stamp) -> list[str]:
        return [name for name, digest in stamp.outputs.items() if _digest(self.root / name) != digest]

    def _stamp(self, stage: str) -> Path:
        return self.root / ".stages" / f"{stage}.json"


def _digest(path: Path) -> str | None:
    try:
        return file_digest(path) if path.is_file() else None
    except OSError:
        return None
