"""Making a build again from its manifest: what is not as it was is told before the work, and after it."""

from __future__ import annotations

import logging

from sertool.errors import CheckFailed, SertoolError
from sertool.plain_values import to_plain
from sertool.project import BuildFolder, Project
from sertool.project.again import differences
from sertool.project.manifest import CheckpointRecord, Manifest, Recordings, TargetRecord, versions
from sertool.stages.recordings import new_split
from sertool.targets import load

log = logging.getLogger(__name__)


def checkpoint_again(manifest: Manifest, said: str | None) -> str | None:
    """Return the word for the checkpoint of `manifest`, or what is `said` anew; None without one."""
    if manifest.checkpoint is None:
        if said is not None:
            raise SertoolError(
                "the manifest is of a build that trained its network: a checkpoint would decide nothing",
                where="build.checkpoint",
                allowed="the manifest of a build from a checkpoint",
            )
        return None
    word = said or manifest.checkpoint.word
    if word is None:
        raise SertoolError(
            f"no manifest says where something lies: the checkpoint {manifest.checkpoint.name} was in a folder",
            hint="say it with build.checkpoint",
        )
    return word


def check_before(manifest: Manifest, project: Project, checkpoint: CheckpointRecord | None) -> None:
    """Say what is not as it was when `manifest` was written.

    Other versions may give other bytes, and are only told. Raises SertoolError for what certainly does: another
    description of the target, other recordings, another checkpoint.
    """
    for told in differences(manifest.versions, versions()):
        log.warning("not as it was, so bytes may differ: %s", told)
    now = {"target": to_plain(TargetRecord.of(load(project.target), project.target))}
    was = {"target": to_plain(manifest.target)}
    if checkpoint is None:
        now["recordings"] = to_plain(Recordings.of(new_split(project)[1].record()))
        was["recordings"] = to_plain(manifest.recordings)
    else:
        now["checkpoint"] = {"seal": checkpoint.seal}
        was["checkpoint"] = {"seal": manifest.checkpoint.seal if manifest.checkpoint else "none"}
    if changed := differences(was, now):
        raise SertoolError(
            f"these are not the inputs that the manifest was made from: {'; '.join(changed)}",
            where=project.corpus.path if all(name.startswith("recordings") for name in changed) else None,
            allowed="the same recordings, with the same names, speakers and labels, or the same checkpoint, "
            "and the same target",
        )


def check_after(manifest: Manifest, folder: BuildFolder) -> None:
    """Raise CheckFailed, naming what differs, unless the build in `folder` has the same manifest."""
    made = folder.read(folder.manifest, Manifest, "render")
    if changed := differences(to_plain(manifest), to_plain(made)):
        raise CheckFailed(f"these are not the same bytes again: {'; '.join(changed)}", where=folder.manifest)
