"""Layers without parameters that join, pad or flatten."""

import numpy as np

from layers_fixture import Family, channels_first, channels_last, generator, normal
from layers_keras import SOURCE, differentiate, keras, variable

CONCATENATE_CASES = {
    "channels-5-7": (2, (5, 7), 3, 2),
    "channels-5-7-4": (2, (5, 7, 4), 3, 4),
    "channels-64-64": (2, (64, 64), 2, 2),
}


def single_input_case(family, case, layer, source, options, random):
    source = variable(channels_last(source))
    output, output_gradient, (source_gradient,), _ = differentiate(lambda: layer(source), [source], [], random)
    family.add(
        case, options, input=channels_first(source.numpy()), output=channels_first(output),
        outputGradient=channels_first(output_gradient), inputGradient=channels_first(source_gradient))


def concatenate():
    family = Family("Concatenate", SOURCE)
    for case, (batch, channels, height, width) in CONCATENATE_CASES.items():
        random = generator(family.name, case)
        sources = [variable(channels_last(normal(random, batch, count, height, width))) for count in channels]
        layer = keras.layers.Concatenate(axis=-1, dtype="float64")
        output, output_gradient, gradients, _ = differentiate(lambda: layer(sources), sources, [], random)
        tensors = {"output": channels_first(output), "outputGradient": channels_first(output_gradient)}
        for index, (source, gradient) in enumerate(zip(sources, gradients)):
            tensors[f"input{index}"] = channels_first(source.numpy())
            tensors[f"inputGradient{index}"] = channels_first(gradient)
        family.add(case, {"inputs": len(channels), "axis": 1}, **tensors)
    return family


def zero_padding():
    family = Family("ZeroPadding2D", SOURCE)
    for case, padding in {"asymmetric": ((1, 2), (0, 3)), "one-each": ((1, 1), (1, 1))}.items():
        random = generator(family.name, case)
        layer = keras.layers.ZeroPadding2D(padding, dtype="float64")
        options = {"pads": [*padding[0], *padding[1]]}
        single_input_case(family, case, layer, normal(random, 2, 3, 4, 5), options, random)
    return family


def flatten():
    """Keras flattens [N, H, W, C], the channel running fastest. `channels-first` flattens the same input as PyTorch
    and ONNX do, the column running fastest."""
    family = Family("Flatten", SOURCE)
    shape = (2, 5, 3, 4)
    source = normal(generator(family.name, "input"), *shape)
    output_gradient = normal(generator(family.name, "outputGradient"), shape[0], int(np.prod(shape[1:])))
    batch, channels, height, width = shape
    flattened = np.asarray(keras.layers.Flatten(dtype="float64")(channels_last(source)))
    family.add(
        "channels-last", {"flattenOrder": "HWC"}, input=source, output=flattened, outputGradient=output_gradient,
        inputGradient=channels_first(output_gradient.reshape(batch, height, width, channels)))
    flattened = np.asarray(keras.layers.Flatten(dtype="float64")(source))
    family.add(
        "channels-first", {"flattenOrder": "CHW"}, input=source, output=flattened, outputGradient=output_gradient,
        inputGradient=output_gradient.reshape(shape))
    return family


def families():
    return [concatenate(), zero_padding(), flatten()]
