"""Cases of the `onnx` package's own backend tests: light models, what PyTorch once exported, and tests of single nodes."""

import contextlib
import io
import warnings
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

from onnx_conformance_run import Case, channels_last_inputs

DATA = Path(onnx.__file__).parent / "backend" / "test" / "data"

# What image networks use, and so what issue 4 promises.
OPERATORS = """
    Conv Gemm MatMul BatchNormalization MaxPool AveragePool GlobalAveragePool GlobalMaxPool LRN Dropout
    Relu LeakyRelu PRelu Elu Selu Celu Sigmoid HardSigmoid HardSwish Swish Tanh Softplus Softsign Mish Gelu
    ThresholdedRelu Shrink Clip Exp Log Abs Neg Sqrt Pow Erf Reciprocal Softmax LogSoftmax
    Add Sub Mul Div Min Max Sum Mean Concat Split Slice Pad Reshape Flatten Squeeze Unsqueeze Transpose Expand
    Identity Cast ReduceMean ReduceMax ReduceMin ReduceSum Constant ConstantOfShape Shape Gather
    Resize Upsample DepthToSpace SpaceToDepth
""".split()


def light():
    for path in sorted((DATA / "light").glob("*.onnx")):
        model = onnx.load(path)
        stated = {tensor.name for tensor in model.graph.initializer}
        computed = {name for node in model.graph.node for name in node.output}
        inputs = {}
        for value in model.graph.input:
            if value.name not in stated | computed:
                shape = [dimension.dim_value for dimension in value.type.tensor_type.shape.dim]
                inputs[value.name] = (np.arange(np.prod(shape)).reshape(shape) / np.prod(shape)).astype(np.float32)
        expected = numpy_helper.to_array(onnx.load_tensor(path.with_name(f"{path.stem}_output_0.pb")))
        yield Case(path.stem, "light", path, inputs, [expected], 1e-4)


def folders(kind):
    """pytorch-converted, pytorch-operator and simple: a folder a test."""
    for folder in sorted((DATA / kind).iterdir()):
        path = folder / "model.onnx"
        model = onnx.load(path)
        stated = {tensor.name for tensor in model.graph.initializer}
        values = [value for value in model.graph.input if value.name not in stated]
        data = folder / "test_data_set_0"
        try:
            inputs = [numpy_helper.to_array(onnx.load_tensor(data / f"input_{index}.pb")) for index in range(len(values))]
            outputs = [numpy_helper.to_array(onnx.load_tensor(data / f"output_{index}.pb"))
                       for index in range(len(model.graph.output))]
        except Exception:  # sequences are no tensors
            inputs, outputs = [np.zeros(1, np.float32)] * len(values), []
        # Numbers beyond what float32 can hold say nothing about Graft.
        if any(array.dtype == np.float64 and array.size and np.abs(array).max() > 1e38 for array in inputs):
            continue
        yield Case(folder.name, kind, path, {value.name: as_float(array) for value, array in zip(values, inputs)},
                   outputs, 1e-4, channels_last_inputs(model))


def nodes(scratch):
    """Tests of single nodes. What an operator takes besides activations (kernels, shapes, axes) is given to it as an input
    of the graph there; in files it is an initializer, and so here."""
    from onnx.backend.test.case.node import collect_testcases

    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        tests = collect_testcases("")
    for test in tests:
        operators = {node.op_type for node in test.model.graph.node}
        if len(operators) != 1 or not operators <= set(OPERATORS) or "_expanded" in test.name:
            continue
        model = onnx.ModelProto()
        model.CopyFrom(test.model)
        (given, expected) = test.data_sets[0]
        given = [numpy_helper.to_array(array) if isinstance(array, onnx.TensorProto) else array for array in given]
        if not all(isinstance(array, (np.ndarray, np.generic)) for array in [*given, *expected]):
            continue
        # Dropout in training draws other numbers than NumPy.
        if "training_dropout" in test.name and "zero_ratio" not in test.name:
            continue
        if operators <= ELEMENTWISE and all(np.asarray(array).ndim == 1 for array in given):
            batch_of_one(model)
            given = [np.asarray(array)[np.newaxis] for array in given]
            expected = [np.asarray(array)[np.newaxis] for array in expected]
        inputs = {}
        for position, (value, array) in enumerate(zip(list(model.graph.input), given)):
            if is_activation(operators, position, np.asarray(array), given):
                inputs[value.name] = as_float(np.asarray(array))
            else:
                model.graph.initializer.append(numpy_helper.from_array(np.asarray(array), value.name))
        path = scratch / f"{test.name}.onnx"
        path.write_bytes(model.SerializeToString())
        yield Case(test.name, operators.pop(), path, inputs, expected, RELATIVE, channels_last_inputs(model))


# The package's own tolerance; some of its expected numbers are written with four digits.
RELATIVE = 1e-3

ELEMENTWISE = set("""
    Relu LeakyRelu Elu Selu Celu Sigmoid HardSigmoid HardSwish Swish Tanh Softplus Softsign Mish Gelu ThresholdedRelu
    Shrink Exp Log Abs Neg Sqrt Pow Erf Reciprocal Add Sub Mul Div Min Max Sum Mean Identity
""".split())


def batch_of_one(model):
    """Tests of vectors, with an axis for the batch in front: Graft's networks work on images one by one."""
    for value in [*model.graph.input, *model.graph.output]:
        sizes = [1] + [dimension.dim_value for dimension in value.type.tensor_type.shape.dim]
        del value.type.tensor_type.shape.dim[:]
        for size in sizes:
            value.type.tensor_type.shape.dim.add().dim_value = size


ARITHMETIC = {"Add", "Sub", "Mul", "Div", "Min", "Max", "Sum", "Mean", "Concat"}


def is_activation(operators, position, array, given):
    if position == 0:
        return True
    # Of two that are joined, one of fewer axes, or of one element along the first, is a constant.
    first = np.asarray(given[0])
    return bool(operators & ARITHMETIC) and array.ndim == first.ndim and array.shape[:1] == first.shape[:1]


def as_float(array):
    """Graft's activations are float32 whatever a file says."""
    try:
        return np.ascontiguousarray(array, dtype=np.float32)
    except (TypeError, ValueError):
        return np.zeros(array.shape, np.float32)
