"""Layers that pick, repeat or draw together elements along axes, as ONNX's graphs have them; of any rank.

Axes of one image count from 0, the channels; PyTorch's are one more, for the batch.
"""

import numpy as np
import torch

import layers_torch
from layers_fixture import Family, distinct, generator, normal

# case: shape, axis of one image, begin, end, step
SLICE_CASES = {
    "channels": ((2, 7, 3, 2), 0, 2, 5, 1),
    "channels-16-of-32": ((2, 32, 2, 2), 0, 16, 32, 1),
    "rows": ((2, 3, 5, 4), 1, 1, 4, 1),
    "columns-by-2": ((2, 3, 2, 7), 2, 1, 7, 2),
    "rows-by-3-ragged": ((2, 16, 8, 2), 1, 0, 8, 3),
    "channels-by-2": ((2, 5, 2, 3), 0, 0, 5, 2),
    "vector": ((3, 9), 0, 3, 8, 1),
    "vector-by-4": ((3, 9), 0, 1, 9, 4),
    "rank-2": ((2, 4, 5), 1, 2, 3, 1),
    "rank-4": ((2, 3, 4, 2, 5), 3, 1, 5, 2),
    "rank-5": ((2, 3, 4, 2, 2, 3), 1, 1, 3, 1),
}
# case: shape, mode, before and after each axis of one image, the number where the mode is constant
PAD_CASES = {
    "constant": ((2, 3, 4, 5), "constant", (0, 1, 2), (0, 3, 0), 1.5),
    "constant-channels": ((2, 3, 2, 2), "constant", (1, 0, 0), (2, 0, 1), -2.0),
    "zeros-vector": ((3, 5), "constant", (2,), (1,), 0.0),
    "constant-rank-5": ((2, 2, 3, 2, 2, 3), "constant", (1, 0, 0, 0, 1), (0, 0, 1, 0, 0), 0.25),
    "reflect": ((2, 3, 4, 5), "reflect", (0, 3, 2), (0, 1, 4), None),
    "reflect-16-channels": ((2, 16, 3, 3), "reflect", (0, 1, 1), (0, 1, 1), None),
    "reflect-rank-2": ((2, 3, 5), "reflect", (1, 4), (2, 0), None),
    "edge": ((2, 3, 4, 5), "edge", (0, 1, 7), (0, 0, 2), None),
    "edge-channels": ((2, 3, 2, 2), "edge", (2, 0, 1), (1, 0, 0), None),
    "edge-vector": ((3, 4), "edge", (5,), (1,), None),
    "edge-rank-4": ((2, 3, 2, 1, 2), "edge", (0, 1, 2, 0), (1, 0, 0, 1), None),
}
# case: shape, axes of one image, whether they stay
REDUCTION_CASES = {
    "positions": ((2, 5, 3, 4), (1, 2), False),
    "positions-kept": ((2, 16, 3, 2), (1, 2), True),
    "rows": ((2, 5, 3, 4), (1,), False),
    "columns-kept": ((2, 17, 3, 4), (2,), True),
    "channels-kept": ((2, 6, 3, 4), (0,), True),
    "channels": ((2, 16, 2, 3), (0,), False),
    "channels-and-columns": ((2, 5, 3, 4), (0, 2), False),
    "all-kept": ((2, 3, 2, 4), (0, 1, 2), True),
    "vector-kept": ((3, 7), (0,), True),
    "rank-2": ((2, 3, 5), (1,), False),
    "rank-4": ((2, 3, 2, 4, 2), (1, 3), False),
    "rank-5": ((2, 3, 2, 2, 3, 2), (0, 4), True),
}
CONCATENATE_CASES = {
    "rows": ([(2, 3, 1, 4), (2, 3, 2, 4)], 1),
    "columns": ([(2, 16, 2, 4), (2, 16, 2, 1), (2, 16, 2, 2)], 2),
    "vectors": ([(3, 4), (3, 5)], 0),
    "rank-2": ([(2, 3, 4), (2, 3, 2)], 1),
    "rank-4": ([(2, 3, 1, 2, 2), (2, 3, 2, 2, 2)], 1),
    "rank-5": ([(2, 1, 2, 2, 1, 2), (2, 1, 2, 2, 1, 3)], 4),
}


def slices():
    family = Family("Slice", layers_torch.SOURCE)
    for case, (shape, axis, begin, end, step) in SLICE_CASES.items():
        random = generator(family.name, case)
        index = (slice(None),) * (axis + 1) + (slice(begin, end, step),)
        tensors = layers_torch.differentiate(lambda source: source[index], [normal(random, *shape)], random)
        family.add(case, {"axis": axis + 1, "begin": begin, "end": end, "step": step}, **tensors)
    return family


def padded(source, mode, before, after, value):
    if mode == "constant":
        amounts = [amount for pair in zip(reversed(before), reversed(after)) for amount in pair]
        return torch.nn.functional.pad(source, amounts, value=value)
    for axis, amounts in enumerate(zip(before, after), start=1):
        # NumPy says which element is where.
        elements = np.pad(np.arange(source.shape[axis]), amounts, mode=mode)
        source = source.index_select(axis, torch.tensor(elements))
    return source


def pads():
    family = Family("Pad", f"{layers_torch.SOURCE}, numpy {np.__version__}")
    for case, (shape, mode, before, after, value) in PAD_CASES.items():
        random = generator(family.name, case)
        tensors = layers_torch.differentiate(
            lambda source: padded(source, mode, before, after, value), [normal(random, *shape)], random)
        options = {"padding": mode, "before": list(before), "after": list(after)}
        family.add(case, options | ({} if value is None else {"offset": value}), **tensors)
    return family


def reductions():
    family = Family("Reduction", layers_torch.SOURCE)
    reduced = {"mean": torch.mean, "sum": torch.sum, "max": torch.amax, "min": torch.amin}
    for operation, function in reduced.items():
        for case, (shape, axes, keeps) in REDUCTION_CASES.items():
            # A sum is a mean times a number, a minimum a maximum turned round.
            if operation in ("sum", "min") and "rank" in case:
                continue
            random = generator(family.name, f"{operation}-{case}")
            # Distinct, so that each maximum has one place.
            source = distinct(random, *shape)
            tensors = layers_torch.differentiate(
                lambda source: function(source, [axis + 1 for axis in axes], keepdim=keeps), [source], random)
            options = {"operation": operation, "axes": list(axes), "keepsDimensions": keeps}
            family.add(f"{operation}-{case}", options, **tensors)
    return family


def add_concatenations(family):
    """To the cases that Keras computes."""
    for case, (shapes, axis) in CONCATENATE_CASES.items():
        random = generator(family.name, case)
        sources = [normal(random, *shape) for shape in shapes]
        tensors = layers_torch.differentiate(lambda *inputs: torch.cat(inputs, axis + 1), sources, random)
        family.add(case, {"inputs": len(shapes), "axis": axis + 1, "source": layers_torch.SOURCE}, **tensors)


def families():
    return [slices(), pads(), reductions()]
