"""A finished build becomes a checkpoint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sertool import checkpoints
from sertool.checkpoints import Checkpoint
from sertool.digests import file_digest
from sertool.errors import CheckFailed, SertoolError
from sertool.evaluation import BUILT, Evaluation
from sertool.files import read_whole
from sertool.json_files import load_json
from sertool.project import BuildFolder
from sertool.project.again import made_command
from sertool.project.manifest import Manifest, digest_in
from sertool.report import Report
from sertool.report.recordings import Corpus, Measured, Split
from sertool.stages.built_model import model_of
from sertool.stages.checkpoint import network_of
from sertool.stages.convert import check_converted
from sertool.tflite.reader import MOST_BYTES

_AGAIN = "finish it: sertool build"


@dataclass(frozen=True)
class Exported:
    """The checkpoint that was written, where, and the bytes that its files take."""

    folder: Path
    checkpoint: Checkpoint
    bytes: int

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        return {"folder": str(self.folder), "bytes": self.bytes, **self.checkpoint.headline()}


def export(folder: BuildFolder, name: str, into: Path, evaluations: Sequence[Path] = ()) -> Exported:
    """Write the checkpoint `into`/`name` of a finished build; `evaluations` are files of `sertool evaluate`.

    Raises SertoolError for a build that did not train its network or is not finished, for files of several
    runs, and for an evaluation of other networks; CheckFailed for a build that is not exact.
    """
    check_converted(folder)
    manifest = folder.read(folder.manifest, Manifest, "build")
    if manifest.settings is None or manifest.recordings is None:
        raise SertoolError(
            "this build did not train its network: what that heard is not known",
            where=folder.root,
            allowed="the folder of a build from recordings",
        )
    report, corpus, split = _report(folder, manifest)
    data = read_whole(folder.tflite, "the model", most=MOST_BYTES)
    labels, shape, plan = network_of(model_of(data, folder.tflite))
    checkpoint = Checkpoint(
        name=name,
        sertool=manifest.versions["sertool"],
        command=made_command(manifest.settings.project, corpus.name),
        labels=labels,
        shape=shape,
        plan=plan,
        model="",
        corpus=corpus,
        split=split,
        accuracy=report.accuracy,
        evaluations=tuple(_measured(path, report) for path in evaluations),
        settings=manifest.settings,
        recordings=manifest.recordings,
        versions=manifest.versions,
        files={},
        seal="",
    )
    place = into / name
    written = checkpoints.write(place, checkpoint, data)
    return Exported(place, written, sum(path.stat().st_size for path in place.iterdir()))


def _report(folder: BuildFolder, manifest: Manifest) -> tuple[Report, Corpus, Split]:
    """Return what the build showed of itself; raise where that is of another model, or not exact."""
    path = folder.report / "report.json"
    report = Report.from_dict(load_json(folder.require(path, "build"), dict[str, object], _AGAIN))
    model = manifest.files.get(folder.tflite.relative_to(folder.root).as_posix())
    if (
        report.manifest is None
        or report.manifest.digest != digest_in(folder)
        or file_digest(folder.require(folder.tflite, "convert")) != model
    ):
        raise SertoolError("model, manifest and report are not of one build", where=folder.root, hint=_AGAIN)
    if report.exactness is None or report.corpus is None or report.split is None:
        raise SertoolError("the build is not finished: nothing says that it is exact", where=path, hint=_AGAIN)
    if not report.exactness.exact:
        raise CheckFailed("the build is not exact", where=path, hint="run: sertool simulate")
    return report, report.corpus, report.split


def _measured(path: Path, report: Report) -> Measured:
    found = load_json(path, Evaluation, "run: sertool evaluate")
    shape, plan = report.network.shape, report.network.plan
    theirs = {(found.corpus, found.labels, each.shape, each.plan) for each in found.networks}
    ours = (report.corpus.name if report.corpus else None, report.network.labels, shape, plan)
    if theirs != {ours} or found.protocol == BUILT:
        told = "; ".join(sorted(f"{corpus}, {size} at {widths}" for corpus, _, size, widths in theirs))
        raise SertoolError(
            f"the evaluation is of other networks: {told}",
            where=path,
            allowed=f"networks made as this build's: {ours[0]}, {shape} at {plan}",
        )
    return Measured(found.protocol, found.repeats, found.seeds, found.folds, found.accuracy, found.unweighted)
