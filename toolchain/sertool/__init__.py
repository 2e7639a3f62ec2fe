"""sertool: from recordings of emotional speech to bit-exact firmware for Cortex-M boards.

The stages of a build as functions, for notebooks and scripts; the command line calls the same ones:

    import sertool

    project = sertool.resolve_project(sertool.load_project(), corpus="emodb", bits="1,1,4,4,8")
    folder = sertool.build_folder(project)
    sertool.train(project, folder)
    sertool.quantize(project, folder)
    sertool.convert(folder)

or all of them at once: `sertool.build(project, folder)`.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from sertool.version import __version__ as __version__

if TYPE_CHECKING:
    from sertool.errors import SertoolError as SertoolError
    from sertool.project import BuildFolder as BuildFolder
    from sertool.project import Project as Project
    from sertool.project import build_folder as build_folder
    from sertool.project import load_project as load_project
    from sertool.project import resolve_project as resolve_project
    from sertool.stages.build import build as build
    from sertool.stages.classify import classify as classify
    from sertool.stages.convert import convert as convert
    from sertool.stages.evaluate import evaluate as evaluate
    from sertool.stages.flash import flash as flash
    from sertool.stages.quantize import quantize as quantize
    from sertool.stages.render import render as render
    from sertool.stages.report import write_report as write_report
    from sertool.stages.simulate import simulate as simulate
    from sertool.stages.sweep import sweep as sweep
    from sertool.stages.train import train as train

#: Where each public name lives; imported when it is first used, so that `import sertool` is quick.
_HOMES = {
    "BuildFolder": "sertool.project",
    "Project": "sertool.project",
    "SertoolError": "sertool.errors",
    "build": "sertool.stages.build",
    "build_folder": "sertool.project",
    "classify": "sertool.stages.classify",
    "convert": "sertool.stages.convert",
    "evaluate": "sertool.stages.evaluate",
    "flash": "sertool.stages.flash",
    "load_project": "sertool.project",
    "quantize": "sertool.stages.quantize",
    "render": "sertool.stages.render",
    "resolve_project": "sertool.project",
    "simulate": "sertool.stages.simulate",
    "sweep": "sertool.stages.sweep",
    "train": "sertool.stages.train",
    "write_report": "sertool.stages.report",
}

__all__ = ["__version__", *_HOMES]


# Hidden from type checkers, which would take any name for one of the package.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name not in _HOMES:
            raise AttributeError(f"module 'sertool' has no attribute {name!r}")
        return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
