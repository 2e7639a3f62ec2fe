"""Layer-adaptive quantization: how many bits each layer gets, and weights that know their widths."""

from sertool.laq.allocation import (
    MARGIN,
    STRATEGIES,
    WIDTHS,
    Allocation,
    AllocationProblem,
    AllocationStep,
    Budget,
    Costs,
    LayerBytes,
    Score,
    allocate,
    byte_costs,
    check_exhaustive,
)
from sertool.laq.fine_tune import fine_tune
from sertool.laq.importance import ImportanceConfig, LayerImportance, importance
from sertool.laq.integer import classify, evaluate, integer_graph
from sertool.laq.plan import format_plan, parse_plan
from sertool.laq.post_training import quantize
from sertool.laq.quantized_model import QuantizedLayer, QuantizedModel, load, save
from sertool.laq.temperature import Answers, answers, best_temperature

__all__ = [
    "MARGIN",
    "STRATEGIES",
    "WIDTHS",
    "Allocation",
    "AllocationProblem",
    "AllocationStep",
    "Answers",
    "Budget",
    "Costs",
    "ImportanceConfig",
    "LayerBytes",
    "LayerImportance",
    "QuantizedLayer",
    "QuantizedModel",
    "Score",
    "allocate",
    "answers",
    "best_temperature",
    "byte_costs",
    "check_exhaustive",
    "classify",
    "evaluate",
    "fine_tune",
    "format_plan",
    "importance",
    "integer_graph",
    "load",
    "parse_plan",
    "quantize",
    "save",
]
