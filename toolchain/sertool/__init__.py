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
from typing import Any

__version__ = "0.1.0"

#: Where each public name lives; imported when it is first used, so that `import sertool` is quick.
_HOMES = {
    "BuildFolder": "sertool.project",
    "Project": "sertool.project",
    "SertoolError": "sertool.errors",
    "build": "sertool.stages.build",
    "build_folder": "sertool.project",
    "classify": "sertool.stages.classify",
    "convert": "sertool.stages.convert",
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


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'sertool' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
