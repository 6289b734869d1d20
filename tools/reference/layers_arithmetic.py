"""Layers that join inputs element by element."""

import numpy as np
import torch

import layers_torch
from layers_fixture import Family, channels_first, channels_last, generator, normal
from layers_keras import SOURCE, assert_clear_of_kink, differentiate, keras, variable

MAP = (2, 5, 3, 4)
# case: layer, shapes of its inputs
CASES = {
    "add": ("Add", [MAP, MAP]),
    "add-three": ("Add", [MAP, MAP, MAP]),
    "add-vector": ("Add", [MAP, (2, 5)]),
    "add-pixel-first": ("Add", [(2, 5, 1, 1), MAP]),
    "add-matrices": ("Add", [(3, 7), (3, 7)]),
    "subtract": ("Subtract", [MAP, MAP]),
    "subtract-pixel": ("Subtract", [MAP, (2, 5, 1, 1)]),
    "subtract-from-pixel": ("Subtract", [(2, 5, 1, 1), MAP]),
    "multiply": ("Multiply", [MAP, MAP]),
    "multiply-three": ("Multiply", [MAP, MAP, MAP]),
    "multiply-vector": ("Multiply", [MAP, (2, 5)]),
    "multiply-pixel": ("Multiply", [(2, 16, 2, 3), (2, 16, 1, 1)]),
    "multiply-pixel-first": ("Multiply", [(2, 16, 1, 1), (2, 16, 2, 3)]),
    "multiply-one-pixel-map": ("Multiply", [(2, 5, 1, 1), (2, 5)]),
    "maximum": ("Maximum", [MAP, MAP]),
    "maximum-three": ("Maximum", [MAP, MAP, MAP]),
    "maximum-pixel": ("Maximum", [MAP, (2, 5, 1, 1)]),
    "minimum": ("Minimum", [MAP, MAP]),
    "minimum-three": ("Minimum", [MAP, MAP, MAP]),
    "average": ("Average", [MAP, MAP]),
    "average-three": ("Average", [MAP, MAP, MAP]),
}
# What Keras has no layer for: quotients, and dimensions of 1 anywhere. Case: layer, shapes of its inputs
BROADCAST_CASES = {
    "divide": ("Divide", [MAP, MAP]),
    "divide-vector": ("Divide", [MAP, (2, 5)]),
    "divide-pixel-first": ("Divide", [(2, 5, 1, 1), MAP]),
    "divide-one-channel": ("Divide", [MAP, (2, 1, 3, 4)]),
    "multiply-one-channel": ("Multiply", [MAP, (2, 1, 3, 4)]),
    "multiply-one-channel-first": ("Multiply", [(2, 1, 3, 4), MAP]),
    "multiply-row-and-column": ("Multiply", [(2, 16, 3, 1), (2, 1, 1, 4)]),
    "add-column-16": ("Add", [(2, 16, 3, 4), (2, 16, 1, 4)]),
    "add-one-number": ("Add", [(2, 1, 1, 1), MAP]),
    "add-vector-of-one": ("Add", [(2, 7), (2, 1)]),
    "subtract-vector-first": ("Subtract", [(2, 1), (2, 7)]),
    "add-three-ways": ("Add", [(2, 5, 1, 1), (2, 1, 3, 1), (2, 1, 1, 4)]),
    "average-three-ways": ("Average", [(2, 5, 1, 4), (2, 5, 3, 1), (2, 1, 3, 4)]),
    "maximum-row": ("Maximum", [(2, 5, 1, 4), MAP]),
    "minimum-column": ("Minimum", [MAP, (2, 1, 3, 1)]),
    "multiply-rank-2": ("Multiply", [(2, 4, 1), (2, 1, 5)]),
    "subtract-rank-4": ("Subtract", [(2, 3, 1, 2, 2), (2, 1, 4, 1, 2)]),
    "multiply-rank-5": ("Multiply", [(2, 3, 2, 1, 2, 2), (2, 1, 2, 3, 2, 1)]),
    "divide-rank-5": ("Divide", [(2, 1, 2, 3, 2, 1), (2, 3, 2, 1, 2, 2)]),
}
BY_TORCH = {
    "Add": lambda *terms: sum(terms[1:], terms[0]), "Subtract": torch.sub, "Multiply": torch.mul, "Divide": torch.div,
    "Maximum": torch.maximum, "Minimum": torch.minimum, "Average": lambda *terms: sum(terms[1:], terms[0]) / len(terms)}


def broadcast(family):
    for case, (kind, shapes) in BROADCAST_CASES.items():
        random = generator(family.name, case)
        sources = [normal(random, *shape) for shape in shapes]
        if kind == "Divide":
            # Divisors away from 0, of both signs.
            sources[1] = (sources[1] + np.sign(sources[1])).astype(np.float32).astype(np.float64)
        rank = max(len(shape) for shape in shapes)

        def apply(*tensors):
            return BY_TORCH[kind](*(tensor.reshape(*tensor.shape, *[1] * (rank - tensor.dim())) for tensor in tensors))

        if kind in ("Maximum", "Minimum"):
            assert_clear_of_kink(sources[0] - sources[1])
        tensors = layers_torch.differentiate(apply, sources, random)
        family.add(case, {"operation": kind, "inputs": len(shapes), "source": layers_torch.SOURCE}, **tensors)


def as_map(array):
    return array.reshape(*array.shape, 1, 1) if array.ndim == 2 else array


def families():
    family = Family("Arithmetic", SOURCE)
    for case, (kind, shapes) in CASES.items():
        random = generator(family.name, case)
        arrays = [normal(random, *shape) for shape in shapes]
        if kind in ("Maximum", "Minimum"):
            for index in range(1, len(arrays)):
                for other in arrays[:index]:
                    assert_clear_of_kink(as_map(other) - as_map(arrays[index]))
        sources = [variable(channels_last(array)) for array in arrays]
        layer = getattr(keras.layers, kind)(dtype="float64")
        output, output_gradient, gradients, _ = differentiate(lambda: layer(sources), sources, [], random)
        tensors = {"output": channels_first(output), "outputGradient": channels_first(output_gradient)}
        for index, (array, gradient) in enumerate(zip(arrays, gradients)):
            tensors |= {f"input{index}": array, f"inputGradient{index}": channels_first(np.asarray(gradient))}
        family.add(case, {"operation": kind, "inputs": len(arrays)}, **tensors)
    broadcast(family)
    return [family]
