"""Making a build again from its manifest: what is not as it was is told before the work, and after it."""

from __future__ import annotations

import logging

from sertool.errors import CheckFailed, SertoolError
from sertool.plain_values import to_plain
from sertool.project import BuildFolder, Project
from sertool.project.again import differences
from sertool.project.manifest import Manifest, Recordings, TargetRecord, versions
from sertool.stages.recordings import new_split
from sertool.targets import load

log = logging.getLogger(__name__)


def check_before(manifest: Manifest, project: Project) -> None:
    """Say what is not as it was when `manifest` was written.

    Other versions may give other bytes, and are only told. Raises SertoolError for what certainly does: another
    description of the target, other recordings.
    """
    for told in differences(manifest.versions, versions()):
        log.warning("not as it was, so bytes may differ: %s", told)
    now = {
        "target": to_plain(TargetRecord.of(load(project.target), project.target)),
        "recordings": to_plain(Recordings.of(new_split(project)[1].record())),
    }
    was = {"target": to_plain(manifest.target), "recordings": to_plain(manifest.recordings)}
    if changed := differences(was, now):
        raise SertoolError(
            f"these are not the inputs that the manifest was made from: {'; '.join(changed)}",
            where=project.corpus.path if all(name.startswith("recordings") for name in changed) else None,
            allowed="the same recordings, with the same names, speakers and labels, and the same target",
        )


def check_after(manifest: Manifest, folder: BuildFolder) -> None:
    """Raise CheckFailed, naming what differs, unless the build in `folder` has the same manifest."""
    made = folder.read(folder.manifest, Manifest, "render")
    if changed := differences(to_plain(manifest), to_plain(made)):
        raise CheckFailed(f"these are not the same bytes again: {'; '.join(changed)}", where=folder.manifest)
