"""`sertool doctor`: what is present, what is missing, how to get it."""

from __future__ import annotations

import click

from sertool.cli.output import emit, json_option


@click.command()
@json_option
def doctor(as_json: bool) -> int:
    """Say what is missing here and how to get it.

    Exit status 1 when something that a build needs is missing.
    """
    from sertool.project.doctor import examine

    findings = examine()
    missing = [finding for finding in findings if finding.required and not finding.present]
    lines = []
    for finding in findings:
        mark = "ok     " if finding.present else "MISSING" if finding.required else "absent "
        lines.append(f"{mark}  {finding.name:32}{finding.found}")
        if not finding.present:
            lines.append(f"{'':9}{'':32}{finding.remedy}")
    lines.append(
        "ready to build" if not missing else f"{len(missing)} missing: {', '.join(f.name for f in missing)}"
    )
    emit(
        {"ready": not missing, "findings": [finding.to_dict() for finding in findings]},
        "\n".join(lines),
        as_json,
    )
    return 1 if missing else 0
