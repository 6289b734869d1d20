"""Resizing in all of ONNX's ways.

Each axis is a matrix whose rows say of which elements an element is made; ONNX Runtime, in float32, must agree, and
the gradient is by the matrices' transposes. Positions are computed in float32, as ONNX Runtime does: which of two
elements is the nearest hangs on it.
"""

import numpy as np
import onnx
import onnxruntime
import torch

import layers_torch
from layers_fixture import Family, generator, normal

SOURCE = f"numpy {np.__version__}, agrees with onnxruntime {onnxruntime.__version__}; gradients {layers_torch.SOURCE}"
COORDINATES = {
    "halfPixel": "half_pixel", "pytorchHalfPixel": "pytorch_half_pixel", "asymmetric": "asymmetric",
    "alignCorners": "align_corners"}
ROUNDINGS = {"halfDown": "round_prefer_floor", "halfUp": "round_prefer_ceil", "down": "floor", "up": "ceil"}
SIZES = {"larger": ((1, 2, 3, 4), (5, 6)), "smaller": ((1, 2, 6, 5), (4, 2)), "one": ((1, 3, 3, 2), (1, 1))}
# Not whole, so that the factor is not output over input.
FACTORS = {"factors": ((1, 2, 3, 5), (1.5, 1.7)), "factors-down": ((1, 2, 7, 5), (0.6, 0.5))}


def positions(before, after, scale, coordinates):
    elements, scale = np.arange(after, dtype=np.float32), np.float32(scale)
    half = np.float32(0.5)
    match coordinates:
        case "halfPixel":
            return (elements + half) / scale - half
        case "pytorchHalfPixel":
            return (elements + half) / scale - half if after > 1 else elements * 0
        case "asymmetric":
            return elements / scale
        case "alignCorners":
            return elements * np.float32(before - 1) / np.float32(after - 1) if after > 1 else elements * 0


def rounded(positions, rounding):
    below = np.floor(positions)
    match rounding:
        case "down":
            return below
        case "up":
            return np.ceil(positions)
        case "halfDown":
            return np.where(positions - below <= 0.5, below, below + 1)
        case "halfUp":
            return np.where(positions - below < 0.5, below, below + 1)


def matrix(before, after, scale, coordinates, nearest):
    where = positions(before, after, scale, coordinates)
    rows = np.arange(after)
    result = np.zeros((after, before))
    if nearest:
        result[rows, np.clip(rounded(where, nearest), 0, before - 1).astype(int)] = 1
        return result
    where = np.clip(where, 0, before - 1)
    lower = where.astype(int)
    fraction = (where - lower.astype(np.float32)).astype(np.float64)
    np.add.at(result, (rows, lower), 1 - fraction)
    np.add.at(result, (rows, np.minimum(lower + 1, before - 1)), fraction)
    return result


def by_onnxruntime(source, target, coordinates, nearest):
    """`target` is the size or the factors, by its type."""
    is_size = isinstance(target[0], int)
    attributes = {"mode": "nearest" if nearest else "linear",
                  "coordinate_transformation_mode": COORDINATES[coordinates]}
    if nearest:
        attributes["nearest_mode"] = ROUNDINGS[nearest]
    node = onnx.helper.make_node(
        "Resize", ["x", "", "", "target"] if is_size else ["x", "", "target"], ["y"], **attributes)
    values = np.array([*source.shape[:2], *target], np.int64) if is_size else np.array([1, 1, *target], np.float32)
    graph = onnx.helper.make_graph(
        [node], "resize", [onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, source.shape)],
        [onnx.helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, None)],
        [onnx.numpy_helper.from_array(values, "target")])
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 18)], ir_version=9)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {"x": source.astype(np.float32)})[0]


def add_case(family, case, shape, target, coordinates, nearest):
    random = generator(family.name, case)
    source = normal(random, *shape)
    is_size = isinstance(target[0], int)
    sizes = target if is_size else [int(np.floor(length * factor)) for length, factor in zip(shape[2:], target)]
    scales = [after / before for before, after in zip(shape[2:], sizes)] if is_size else target
    rows, columns = (
        torch.tensor(matrix(before, after, scale, coordinates, nearest))
        for before, after, scale in zip(shape[2:], sizes, scales))
    tensors = layers_torch.differentiate(
        lambda source: torch.einsum("yh,nchw,xw->ncyx", rows, source, columns), [source], random)
    witness = by_onnxruntime(source, target, coordinates, nearest)
    difference = np.abs(witness - tensors["output"]).max() / np.abs(witness).max()
    assert witness.shape == tensors["output"].shape and difference < 2e-6, f"{case}: {difference}"
    options = {"coordinates": coordinates, "resizedTo" if is_size else "scales": list(target)}
    family.add(case, options | ({"nearest": nearest} if nearest else {}), **tensors)


def families():
    family = Family("Resize", SOURCE)
    for coordinates in COORDINATES:
        for nearest in (None, *ROUNDINGS):
            for name, (shape, target) in (SIZES | FACTORS).items():
                if nearest and name in ("one", "factors-down"):
                    continue
                case = f"{COORDINATES[coordinates]}-{ROUNDINGS.get(nearest, 'linear')}-{name}"
                add_case(family, case, shape, target, coordinates, nearest)
    add_case(family, "half_pixel-linear-16-channels", (2, 16, 3, 2), (6, 4), "halfPixel", None)
    add_case(family, "asymmetric-floor-whole", (2, 3, 3, 2), (2.0, 3.0), "asymmetric", "down")
    add_case(family, "half_pixel-round_prefer_floor-whole", (2, 16, 2, 3), (6, 6), "halfPixel", "halfDown")
    return [family]
