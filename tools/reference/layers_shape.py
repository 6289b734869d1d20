"""Layers without parameters that join, pad, cut or reorder."""

import numpy as np
import torch

import layers_axes
import layers_torch
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
    layers_axes.add_concatenations(family)
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


def cropping():
    family = Family("Cropping2D", SOURCE)
    cases = {"asymmetric": ((2, 3, 6, 7), ((1, 2), (0, 3))), "16-channels": ((2, 16, 4, 4), ((1, 1), (1, 1)))}
    for case, (shape, cropping) in cases.items():
        random = generator(family.name, case)
        layer = keras.layers.Cropping2D(cropping, dtype="float64")
        single_input_case(
            family, case, layer, normal(random, *shape), {"pads": [*cropping[0], *cropping[1]]}, random)
    return family


def strided_slice():
    family = Family("StridedSlice2D", layers_torch.SOURCE)
    cases = {
        "2": ((2, 3, 6, 4), (2, 2)), "2-odd": ((2, 16, 5, 7), (2, 2)), "3x1": ((1, 3, 7, 2), (3, 1)),
    }
    for case, (shape, (rows, columns)) in cases.items():
        random = generator(family.name, case)
        tensors = layers_torch.differentiate(
            lambda source: source[:, :, ::rows, ::columns], [normal(random, *shape)], random)
        family.add(case, {"strides": [rows, columns]}, **tensors)
    return family


def channel_padding():
    family = Family("ChannelPadding", layers_torch.SOURCE)
    for case, (shape, (before, after)) in {
        "both": ((2, 3, 2, 3), (2, 3)), "16-to-32": ((2, 16, 2, 2), (8, 8)), "after": ((2, 5, 2, 2), (0, 1)),
    }.items():
        random = generator(family.name, case)
        tensors = layers_torch.differentiate(
            lambda source: torch.nn.functional.pad(source, (0, 0, 0, 0, before, after)), [normal(random, *shape)],
            random)
        family.add(case, {"pads": [before, after]}, **tensors)
    return family


def reshape():
    """Keras reads and fills [H, W, C]; `channels-first` does as PyTorch and ONNX do."""
    family = Family("Reshape", SOURCE)
    cases = {"map-to-map": ((2, 5, 3, 4), (2, 6, 5)), "map-to-vector": ((2, 5, 3, 4), (60,)),
             "vector-to-map": ((2, 60), (3, 4, 5)), "vector-to-pixel": ((2, 7), (1, 1, 7)),
             "map-to-groups": ((2, 6, 3, 4), (3, 4, 2, 3))}
    for case, (shape, target) in cases.items():
        random = generator(family.name, case)
        layer = keras.layers.Reshape(target, dtype="float64")
        options = {"shape": [target[-1], *target[:-1]], "flattenOrder": "HWC"}
        single_input_case(family, case, layer, normal(random, *shape), options, random)
    random = generator(family.name, "channels-first")
    tensors = layers_torch.differentiate(
        lambda source: source.reshape(2, 10, 2, 3), [normal(random, 2, 5, 3, 4)], random)
    options = {"shape": [10, 2, 3], "flattenOrder": "CHW", "source": layers_torch.SOURCE}
    family.add("channels-first", options, **tensors)
    for case, (shape, target) in {"channel-shuffle": ((2, 6, 2, 3), (2, 3, 2, 3)), "rank-5": ((2, 24), (2, 1, 3, 2, 2)),
                                  "rank-5-to-2": ((2, 2, 1, 3, 2, 2), (6, 4))}.items():
        random = generator(family.name, case)
        tensors = layers_torch.differentiate(
            lambda source: source.reshape(-1, *target), [normal(random, *shape)], random)
        family.add(case, {"shape": target, "flattenOrder": "CHW", "source": layers_torch.SOURCE}, **tensors)
    return family


def permute():
    family = Family("Permute", SOURCE)
    graft = {1: 1, 2: 2, 3: 0}
    for case, dims in {"transposed": (2, 1, 3), "channels-to-rows": (3, 1, 2), "rows-to-channels": (2, 3, 1)}.items():
        random = generator(family.name, case)
        layer = keras.layers.Permute(dims, dtype="float64")
        # The channels are Keras's last axis and Graft's first, of the input and of the output.
        axes = [graft[dims[2]], graft[dims[0]], graft[dims[1]]]
        single_input_case(family, case, layer, normal(random, 2, 5, 3, 4), {"axes": axes}, random)
    for case, (shape, axes) in {"rank-2": ((2, 3, 4), (1, 0)), "rank-4": ((2, 2, 3, 2, 3), (1, 0, 2, 3)),
                                "rank-5": ((2, 3, 2, 2, 1, 2), (4, 0, 2, 1, 3))}.items():
        random = generator(family.name, case)
        tensors = layers_torch.differentiate(
            lambda source: source.permute(0, *[axis + 1 for axis in axes]), [normal(random, *shape)], random)
        family.add(case, {"axes": axes, "source": layers_torch.SOURCE}, **tensors)
    return family


def families():
    return [
        concatenate(), zero_padding(), flatten(), cropping(), strided_slice(), channel_padding(), reshape(), permute()]
