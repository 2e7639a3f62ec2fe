"""The C core of a firmware: model, front end and their glue; every machine compiles exactly these files."""

from __future__ import annotations

from sertool.answers import UNCHOSEN, Rule
from sertool.answers import sources as answer_sources
from sertool.compilers import SourceTree, runtime_sources
from sertool.errors import SertoolError
from sertool.firmware.program import model_sources
from sertool.frontend import FrontendSpec
from sertool.frontend import sources as frontend_sources
from sertool.graph.checks import check_classifier
from sertool.graph.graph import IntegerGraph
from sertool.standardization import Standardizer

_GLUE = ("runtime/sertool.c", "runtime/include/sertool.h", "runtime/include/ser_certainty.h")


def core_sources(
    graph: IntegerGraph, spec: FrontendSpec, standardizer: Standardizer, rule: Rule = UNCHOSEN
) -> SourceTree:
    """Return the target-independent sources: kernels of the plan, front end, `sertool.c`, generated data.

    Raises SertoolError when the front end's features are not what the graph reads, when the graph gives no
    probabilities and label, and for layers that the kernels cannot hold.
    """
    if spec.features != graph.input.size:
        raise SertoolError(
            f"the front end gives {spec.features} features, the model reads {graph.input.size}",
            hint="build the front end that the model was trained with",
        )
    check_classifier(graph)
    glue = runtime_sources("")
    return {
        **model_sources(graph),
        **frontend_sources(spec),
        **standardizer.sources(),
        **answer_sources(rule, spec),
        **{name: glue[name] for name in _GLUE},
    }
