"""Layers that enlarge, rescale or normalise, without parameters that train."""

import numpy as np
import torch.nn.functional as functional

from layers_fixture import Family, channels_first, channels_last, generator, normal
import layers_torch
from layers_keras import SOURCE, differentiate, keras, variable

UPSAMPLING_CASES = {
    "nearest-2": ((2, 3, 3, 2), (2, 2), "nearest"),
    "nearest-3x2": ((2, 16, 2, 3), (3, 2), "nearest"),
    "bilinear-2": ((2, 3, 3, 4), (2, 2), "bilinear"),
    "bilinear-2x3": ((2, 16, 2, 3), (2, 3), "bilinear"),
}
LRN_CASES = {
    "five": ((2, 7, 3, 2), {"size": 5, "alpha": 0.5, "beta": 0.75, "bias": 1.0}),
    "three": ((2, 17, 2, 2), {"size": 3, "alpha": 0.25, "beta": 0.5, "bias": 2.0}),
    "alexnet-16-channels": ((2, 16, 2, 3), {"size": 5, "alpha": 1e-4, "beta": 0.75, "bias": 2.0}),
}


def upsampling():
    """PyTorch's, because TensorFlow enlarges in float32 only; both take the centres of pixels."""
    family = Family("UpSampling2D", layers_torch.SOURCE)
    for case, (shape, factors, mode) in UPSAMPLING_CASES.items():
        random = generator(family.name, case)
        more = {"align_corners": False} if mode == "bilinear" else {}
        tensors = layers_torch.differentiate(
            lambda source: functional.interpolate(source, scale_factor=factors, mode=mode, **more),
            [normal(random, *shape)], random)
        family.add(case, {"factors": list(factors), "interpolation": mode}, **tensors)
    return family


def local_response_normalization():
    family = Family("LocalResponseNormalization", layers_torch.SOURCE)
    for case, (shape, options) in LRN_CASES.items():
        random = generator(family.name, case)
        tensors = layers_torch.differentiate(
            lambda source: functional.local_response_norm(
                source, options["size"], options["alpha"], options["beta"], options["bias"]),
            [normal(random, *shape)], random)
        named = {"lrnBias" if name == "bias" else name: value for name, value in options.items() if name != "alpha"}
        family.add(case, named | {"lrnAlpha": options["alpha"]}, **tensors)
    return family


def keras_case(family, case, layer, shape, options):
    random = generator(family.name, case)
    source = variable(channels_last(normal(random, *shape, scale=3.0)))
    output, output_gradient, (source_gradient,), _ = differentiate(lambda: layer(source), [source], [], random)
    family.add(
        case, options, input=channels_first(source.numpy()), output=channels_first(output),
        outputGradient=channels_first(output_gradient), inputGradient=channels_first(source_gradient))


def rescaling():
    family = Family("Rescaling", SOURCE)
    for case, (scale, offset) in {"to-one": (0.125, 0.0), "to-plus-minus-one": (0.25, -1.0)}.items():
        layer = keras.layers.Rescaling(scale, offset, dtype="float64")
        keras_case(family, case, layer, (2, 3, 4, 3), {"factor": scale, "offset": offset})
    return family


def normalization():
    family = Family("Normalization", SOURCE)
    cases = {
        "map": ((2, 3, 4, 3), [0.5, -1.0, 2.0], [0.25, 4.0, 1.5]),
        "vector": ((3, 4), [0.5, -1.0, 2.0, 0.0], [0.25, 4.0, 1.5, 1.0]),
        "16-channels": ((2, 16, 2, 2), [0.25 * i for i in range(16)], [0.5 + 0.125 * i for i in range(16)]),
    }
    for case, (shape, mean, variance) in cases.items():
        layer = keras.layers.Normalization(axis=-1, mean=mean, variance=variance, dtype="float64")
        layer.build((None, *shape[2:], shape[1]))
        keras_case(family, case, layer, shape, {"means": mean, "variances": variance})
    return family


def unit_normalization():
    family = Family("UnitNormalization", SOURCE)
    for case, shape in {"map": (2, 3, 4, 3), "vector": (3, 5), "17-channels": (2, 17, 2, 2)}.items():
        keras_case(family, case, keras.layers.UnitNormalization(axis=-1, dtype="float64"), shape, {})
    return family


def families():
    return [upsampling(), local_response_normalization(), rescaling(), normalization(), unit_normalization()]
