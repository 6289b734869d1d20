"""Layers that join inputs element by element."""

import numpy as np

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
    return [family]
