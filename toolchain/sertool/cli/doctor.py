"""`sertool doctor`: what is present, what is missing, how to get it."""

from __future__ import annotations

import click

from sertool.cli.output import emit, json_option


@click.command()
@json_option
def doctor(as_json: bool) -> int:
    """Say what is missing here, what it is for and how to get it.

    Exit status 1 when something is missing that firmware cannot be built without, not even from a checkpoint.
    """
    from sertool.project.doctor import FIRMWARE, RECORDINGS, examine

    findings = examine()
    missing = {
        goal: [each.name for each in findings if each.needed_for == goal and not each.present]
        for goal in (FIRMWARE, RECORDINGS)
    }
    heads = {
        FIRMWARE: "for firmware, from a checkpoint or from recordings",
        RECORDINGS: "for a build from recordings besides",
        None: "for more",
    }
    lines = []
    for goal, head in heads.items():
        lines.append(f"{head}:")
        for finding in (each for each in findings if each.needed_for == goal):
            mark = "ok     " if finding.present else "MISSING" if goal == FIRMWARE else "absent "
            lines.append(f"  {mark}  {finding.name:31}{finding.use:37}{finding.found}")
            if not finding.present:
                lines.append(f"{'':42}{finding.remedy}")
    if missing[FIRMWARE]:
        lines.append(f"{len(missing[FIRMWARE])} missing: {', '.join(missing[FIRMWARE])}")
    elif missing[RECORDINGS]:
        lines.append(
            "ready to build from a checkpoint: sertool build --checkpoint emodb; "
            f"from recordings not without {', '.join(missing[RECORDINGS])}"
        )
    else:
        lines.append("ready to build, from recordings and from a checkpoint")
    emit(
        {
            "ready": not missing[FIRMWARE],
            "ready_for_recordings": not any(missing.values()),
            "findings": [finding.to_dict() for finding in findings],
        },
        "\n".join(lines),
        as_json,
    )
    return 1 if missing[FIRMWARE] else 0
