"""The commented project file that `sertool new` writes."""

from __future__ import annotations

import json
from pathlib import Path

from sertool.errors import SertoolError
from sertool.files import write_atomic
from sertool.project.config import FILE_NAME
from sertool.targets import load

_TEMPLATE = """\
# What sertool builds here. Every key may be left out; these are the defaults.
name = {name}
target = {target}        # sertool targets list
output = "build"         # one sub-folder a target

[corpus]
# A folder of recordings, or a name below the folder that SERTOOL_CORPORA names. EMODB, RAVDESS, SAVEE and TESS
# are recognized by their file names; any other folder has one sub-folder a label. Without a path the build
# runs on a synthetic corpus, which shows that the chain works and nothing about emotion.
{corpus}
protocol = "random10"    # stratified 90/10, speakers shared; or "speaker": whole speakers are held out
seed = 0                 # of the split
fold = 0                 # which fold of the protocol
skip_bad = false         # true leaves unreadable recordings out; they are named and counted
# speaker_pattern = "(?P<speaker>[^_]+)_.*"   # who speaks, from the file name
# speakers = "speakers.csv"                   # or from a table with the columns file and speaker

[frontend]
preset = "moments"       # means and deviations of MFCC, chroma and log-mel; or "laq180": their means

[training]
hidden = [512, 128, 64, 32]
seed = 0

[quantization]
bits = "auto"            # or a width for each layer, such as "1,1,4,4,8" (1, ternary, 2 to 8)
strategy = "laq"         # how widths are searched for: laq, budget, uniform, random-order, exhaustive
# margin = 0.5                 # points of validation accuracy that a search may give away
# max_bytes = 25600            # packed weights, scales and biases take no more
# max_instructions = 200000    # or: an inference on the target's core takes no more

[quantization.importance]
measure = "laq"          # or what the loss feels: gradient, hessian
proportion = 1.0         # for laq: weights of the share of parameters, the entropy and the variance
entropy = 1.0
variance = 1.0
invert_variance = false  # true: a layer of small variance matters more

[sweep]
# Every network at every plan, for sertool sweep. A plan is one width for all layers, a width for each, or a
# strategy, alone or with the bytes that it may take.
hidden = [[512, 128, 64, 32], [128, 64, 32], [64, 32], [32]]
plans = ["1", "ternary", "4", "8", "budget:10240"]
seeds = 3
"""


def write_project(folder: Path, *, corpus: str | None = None, target: str = "stm32") -> Path:
    """Write `sertool.toml` into `folder` and return its path.

    Raises SertoolError when one is already there, or when the target is unknown.
    """
    load(target)
    path = folder / FILE_NAME
    if path.exists():
        raise SertoolError(
            "there is a project file already", where=path, hint="edit it, or choose another folder"
        )
    entry = f"path = {json.dumps(corpus)}" if corpus else '# path = "emodb"'
    write_atomic(
        path,
        _TEMPLATE.format(name=json.dumps(folder.resolve().name), target=json.dumps(target), corpus=entry),
    )
    return path
