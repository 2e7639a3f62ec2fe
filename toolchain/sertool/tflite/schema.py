"""The part of TensorFlow Lite's schema that sertool reads and writes, as data.

Field slots, types, defaults and codes are those of `tensorflow/lite/schema/schema.fbs` (version 3). A table's
fields stand by their names there with their slot, their position in the declaration; a union takes two slots,
its type first. A table names the other fields that it has, too: those that change nothing are skipped, and a
file that holds any more is refused, because a runtime may heed them.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

FILE_IDENTIFIER = b"TFL3"
SCHEMA_VERSION = 3


class TensorType(enum.IntEnum):
    """Element types of tensors."""

    FLOAT32 = 0
    FLOAT16 = 1
    INT32 = 2
    UINT8 = 3
    INT64 = 4
    STRING = 5
    BOOL = 6
    INT16 = 7
    COMPLEX64 = 8
    INT8 = 9
    FLOAT64 = 10
    INT4 = 17


class Operator(enum.IntEnum):
    """`BuiltinOperator`: the three that sertool takes, and those that other models often hold."""

    ADD = 0
    AVERAGE_POOL_2D = 1
    CONCATENATION = 2
    CONV_2D = 3
    DEPTHWISE_CONV_2D = 4
    DEQUANTIZE = 6
    FULLY_CONNECTED = 9
    LOGISTIC = 14
    MAX_POOL_2D = 17
    MUL = 18
    RELU = 19
    RELU6 = 21
    RESHAPE = 22
    SOFTMAX = 25
    TANH = 28
    CUSTOM = 32
    SQUEEZE = 43
    ARG_MAX = 56
    QUANTIZE = 114


class Activation(enum.IntEnum):
    """`ActivationFunctionType`, fused into a layer."""

    NONE = 0
    RELU = 1
    RELU_N1_TO_1 = 2
    RELU6 = 3
    TANH = 4
    SIGN_BIT = 5


class PaddingCode(enum.IntEnum):
    """`Padding` of a window."""

    SAME = 0
    VALID = 1


@dataclass(frozen=True)
class Scalar:
    """A number stored in the table: numpy type code and default."""

    type: str
    default: int | float = 0


@dataclass(frozen=True)
class String:
    """A UTF-8 string."""


@dataclass(frozen=True)
class Vector:
    """A vector of numbers: numpy type code, and the alignment of its first element where it is not natural."""

    type: str
    alignment: int = 1


@dataclass(frozen=True)
class Nested:
    """A table."""

    table: Table


@dataclass(frozen=True)
class Tables:
    """A vector of tables."""

    table: Table


@dataclass(frozen=True)
class Union:
    """One of several tables, told apart by the type code in the slot before."""

    tables: dict[int, Table]


Kind = Scalar | String | Vector | Nested | Tables | Union


@dataclass(frozen=True)
class Table:
    """A table: its name in the schema, slot and kind of each field that is read.

    Fields that are `skipped` change nothing, but a runtime may follow where they lead, so that has to be sound;
    a file that has one of those `refused` is refused.
    """

    name: str
    fields: dict[str, tuple[int, Kind]] = field(default_factory=dict)
    skipped: Mapping[str, tuple[int, Kind]] = field(default_factory=dict)
    refused: Mapping[int, str] = field(default_factory=dict)


FULLY_CONNECTED_OPTIONS = Table(
    "FullyConnectedOptions",
    {
        "fused_activation_function": (0, Scalar("<i1")),
        "weights_format": (1, Scalar("<i1")),
        "keep_num_dims": (2, Scalar("?")),
        "quantized_bias_type": (4, Scalar("<i1")),
    },
    skipped={"asymmetric_quantize_inputs": (3, Scalar("?"))},
)
SOFTMAX_OPTIONS = Table("SoftmaxOptions", {"beta": (0, Scalar("<f4"))})
ARG_MAX_OPTIONS = Table("ArgMaxOptions", {"output_type": (0, Scalar("<i1"))})
ADD_OPTIONS = Table(
    "AddOptions",
    {"fused_activation_function": (0, Scalar("<i1"))},
    skipped={"pot_scale_int16": (1, Scalar("?", 1))},
)

CONV_2D_OPTIONS = Table(
    "Conv2DOptions",
    {
        "padding": (0, Scalar("<i1")),
        "stride_w": (1, Scalar("<i4")),
        "stride_h": (2, Scalar("<i4")),
        "fused_activation_function": (3, Scalar("<i1")),
        "dilation_w_factor": (4, Scalar("<i4", 1)),
        "dilation_h_factor": (5, Scalar("<i4", 1)),
        "quantized_bias_type": (6, Scalar("<i1")),
    },
)
DEPTHWISE_CONV_2D_OPTIONS = Table(
    "DepthwiseConv2DOptions",
    {
        "padding": (0, Scalar("<i1")),
        "stride_w": (1, Scalar("<i4")),
        "stride_h": (2, Scalar("<i4")),
        "depth_multiplier": (3, Scalar("<i4")),
        "fused_activation_function": (4, Scalar("<i1")),
        "dilation_w_factor": (5, Scalar("<i4", 1)),
        "dilation_h_factor": (6, Scalar("<i4", 1)),
    },
)
POOL_2D_OPTIONS = Table(
    "Pool2DOptions",
    {
        "padding": (0, Scalar("<i1")),
        "stride_w": (1, Scalar("<i4")),
        "stride_h": (2, Scalar("<i4")),
        "filter_width": (3, Scalar("<i4")),
        "filter_height": (4, Scalar("<i4")),
        "fused_activation_function": (5, Scalar("<i1")),
    },
)
RESHAPE_OPTIONS = Table("ReshapeOptions", {"new_shape": (0, Vector("<i4"))})

#: `BuiltinOptions`: the union's type codes.
OPTIONS = {
    1: CONV_2D_OPTIONS,
    2: DEPTHWISE_CONV_2D_OPTIONS,
    5: POOL_2D_OPTIONS,
    8: FULLY_CONNECTED_OPTIONS,
    9: SOFTMAX_OPTIONS,
    11: ADD_OPTIONS,
    17: RESHAPE_OPTIONS,
    40: ARG_MAX_OPTIONS,
}

OPERATOR_CODE = Table(
    "OperatorCode",
    {
        "deprecated_builtin_code": (0, Scalar("<i1")),
        "custom_code": (1, String()),
        "version": (2, Scalar("<i4", 1)),
        "builtin_code": (3, Scalar("<i4")),
    },
)
QUANTIZATION = Table(
    "QuantizationParameters",
    {
        "scale": (2, Vector("<f4")),
        "zero_point": (3, Vector("<i8")),
        "quantized_dimension": (6, Scalar("<i4")),
    },
    skipped={"min": (0, Vector("<f4")), "max": (1, Vector("<f4"))},
    refused={4: "details_type", 5: "details"},
)
TENSOR = Table(
    "Tensor",
    {
        "shape": (0, Vector("<i4")),
        "type": (1, Scalar("<i1")),
        "buffer": (2, Scalar("<u4")),
        "name": (3, String()),
        "quantization": (4, Nested(QUANTIZATION)),
        "is_variable": (5, Scalar("?")),
        "shape_signature": (7, Vector("<i4")),
    },
    skipped={"has_rank": (8, Scalar("?"))},
    refused={6: "sparsity", 9: "variant_tensors", 10: "external_buffer"},
)
OPERATOR = Table(
    "Operator",
    {
        "opcode_index": (0, Scalar("<u4")),
        "inputs": (1, Vector("<i4")),
        "outputs": (2, Vector("<i4")),
        "builtin_options": (4, Union(OPTIONS)),
    },
    skipped={
        "custom_options": (5, Vector("<u1")),
        "custom_options_format": (6, Scalar("<i1")),
        "mutating_variable_inputs": (7, Vector("?")),
        "debug_metadata_index": (13, Scalar("<i4")),
    },
    refused={
        8: "intermediates",
        9: "large_custom_options_offset",
        10: "large_custom_options_size",
        11: "builtin_options_2_type",
        12: "builtin_options_2",
    },
)
SUBGRAPH = Table(
    "SubGraph",
    {
        "tensors": (0, Tables(TENSOR)),
        "inputs": (1, Vector("<i4")),
        "outputs": (2, Vector("<i4")),
        "operators": (3, Tables(OPERATOR)),
        "name": (4, String()),
    },
    skipped={"debug_metadata_index": (5, Scalar("<i4"))},
)
BUFFER = Table("Buffer", {"data": (0, Vector("<u1", alignment=16))}, refused={1: "offset", 2: "size"})
METADATA = Table("Metadata", {"name": (0, String()), "buffer": (1, Scalar("<u4"))})
TENSOR_MAP = Table("TensorMap", {"name": (0, String()), "tensor_index": (1, Scalar("<u4"))})
SIGNATURE = Table(
    "SignatureDef",
    {
        "inputs": (0, Tables(TENSOR_MAP)),
        "outputs": (1, Tables(TENSOR_MAP)),
        "signature_key": (2, String()),
        "subgraph_index": (4, Scalar("<u4")),
    },
)
MODEL = Table(
    "Model",
    {
        "version": (0, Scalar("<u4")),
        "operator_codes": (1, Tables(OPERATOR_CODE)),
        "subgraphs": (2, Tables(SUBGRAPH)),
        "description": (3, String()),
        "buffers": (4, Tables(BUFFER)),
        "metadata": (6, Tables(METADATA)),
    },
    skipped={"metadata_buffer": (5, Vector("<i4")), "signature_defs": (7, Tables(SIGNATURE))},
    refused={8: "external_buffer_groups", 9: "external_buffers"},
)
