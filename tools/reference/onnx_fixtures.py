"""Writes the ONNX fixtures of GraftFormatsTests with the `onnx` package.

Run: .venv-reference/bin/python tools/reference/onnx_fixtures.py
Every tensor holds 0, 1, 2, … in row-major order, so that tests need no golden file.
"""

from pathlib import Path

import ml_dtypes
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FOLDER = Path(__file__).resolve().parents[2] / "Tests" / "GraftFormatsTests" / "Fixtures" / "onnx"

TYPES = {
    "float16": TensorProto.FLOAT16, "bfloat16": TensorProto.BFLOAT16, "float32": TensorProto.FLOAT,
    "float64": TensorProto.DOUBLE, "int8": TensorProto.INT8, "int16": TensorProto.INT16, "int32": TensorProto.INT32,
    "int64": TensorProto.INT64, "uint8": TensorProto.UINT8, "uint16": TensorProto.UINT16, "uint32": TensorProto.UINT32,
    "uint64": TensorProto.UINT64, "bool": TensorProto.BOOL,
}


def ramp(name, shape=(2, 3)):
    kind = ml_dtypes.bfloat16 if name == "bfloat16" else np.bool_ if name == "bool" else np.dtype(name)
    return np.arange(np.prod(shape)).reshape(shape).astype(kind)


def model(graph, **options):
    options.setdefault("opset_imports", [helper.make_opsetid("", 17), helper.make_opsetid("com.example", 2)])
    return helper.make_model(graph, producer_name="fixture", producer_version="1.5", ir_version=8, **options)


def image(name, shape):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def types():
    """Each element type as bytes and, where the format allows, number by number."""
    tensors = []
    for name, code in TYPES.items():
        array = ramp(name)
        tensors.append(helper.make_tensor(f"{name}/raw", code, array.shape, array.tobytes(), raw=True))
        tensors.append(helper.make_tensor(f"{name}/typed", code, array.shape, array.flatten()))
    tensors.append(helper.make_tensor("scalar", TensorProto.FLOAT, [], [7.0]))
    tensors.append(helper.make_tensor("none", TensorProto.FLOAT, [0, 4], []))
    tensors.append(helper.make_tensor("negative", TensorProto.INT64, [2], [-1, np.iinfo(np.int64).max]))
    graph = helper.make_graph(
        [helper.make_node("Relu", ["x"], ["y"])], "types", [image("x", ["N", 3])], [image("y", ["N", 3])], tensors)
    save(model(graph), "types.onnx")


def attributes():
    """Every kind of option, a function, metadata, documentation, and inputs of all kinds of shape."""
    inner = helper.make_graph([], "inner", [], [])
    node = helper.make_node(
        "Example", ["x", "", "w"], ["y", ""], name="node", domain="com.example", doc_string="ignored",
        number=1.5, whole=-3, text="größe", tensor=numpy_helper.from_array(ramp("float32"), "inner"),
        numbers=[1.0, 2.5], wholes=[1, -2, 3], texts=["a", "", "b"], graph=inner)
    function = helper.make_function(
        "com.example", "Twice", ["a"], ["b"], [helper.make_node("Mul", ["a", "a"], ["b"])],
        [helper.make_opsetid("", 17)], ["scale"], [helper.make_attribute("offset", 2.0)])
    referring = helper.make_node("Scale", ["a"], ["c"])
    attribute = referring.attribute.add()
    attribute.name, attribute.ref_attr_name, attribute.type = "factor", "scale", onnx.AttributeProto.FLOAT
    function.node.append(referring)
    unshaped = onnx.ValueInfoProto(name="unshaped")
    unshaped.type.tensor_type.elem_type = TensorProto.DOUBLE
    sequence = helper.make_tensor_sequence_value_info("sequence", TensorProto.FLOAT, [1])
    graph = helper.make_graph(
        [node], "attributes", [image("x", ["N", 3, None, 224]), unshaped, sequence], [image("y", [1])],
        [numpy_helper.from_array(ramp("float32"), "w")], doc_string="ignored", value_info=[image("z", [3])])
    made = model(graph, functions=[function], doc_string="ignored", domain="org.example")
    helper.set_model_props(made, {"labels": "[\"cat\"]", "empty": ""})
    save(made, "attributes.onnx")


def external():
    """Two tensors in a file beside the model, one with and one without a place in it."""
    first, second = ramp("float32"), ramp("float16")
    (FOLDER / "weights").mkdir(parents=True, exist_ok=True)
    (FOLDER / "weights" / "data.bin").write_bytes(first.tobytes() + second.tobytes())
    tensors = [numpy_helper.from_array(first, "first"), numpy_helper.from_array(second, "second")]
    places = [{"location": "weights/data.bin", "length": "24"},
              {"location": "weights/data.bin", "offset": "24", "length": "12"}]
    for tensor, place in zip(tensors, places):
        tensor.ClearField("raw_data")
        tensor.data_location = TensorProto.EXTERNAL
        for key, value in place.items():
            entry = tensor.external_data.add()
            entry.key, entry.value = key, value
    graph = helper.make_graph([], "external", [image("x", [1, 3])], [image("x", [1, 3])], tensors)
    save(model(graph), "external.onnx")


def sparse():
    values = helper.make_tensor("sparse", TensorProto.FLOAT, [1], [1.0])
    indices = helper.make_tensor("indices", TensorProto.INT64, [1], [0])
    graph = helper.make_graph([], "sparse", [image("x", [1, 3])], [image("x", [1, 3])])
    graph.sparse_initializer.append(helper.make_sparse_tensor(values, indices, [4]))
    save(model(graph), "sparse.onnx")


def save(made, name):
    (FOLDER / name).write_bytes(made.SerializeToString(deterministic=True))


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for make in (types, attributes, external, sparse):
        make()
    print(f"{sum(path.stat().st_size for path in FOLDER.rglob('*') if path.is_file()):,} bytes in {FOLDER}")
