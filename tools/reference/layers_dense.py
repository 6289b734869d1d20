"""Dense layers. Keras's kernel is [in, out]; Graft's is [out, in]."""

import numpy as np
import torch.nn.functional as functional

from layers_fixture import Family, channels_first, channels_last, generator, normal
import layers_torch
from layers_keras import SOURCE, assert_clear_of_kink, differentiate, keras, variable

# case: (batch, inputs), units, options
CASES = {
    "bias": ((3, 10), 7, {}),
    "no-bias": ((3, 6), 5, {"use_bias": False}),
    "relu": ((3, 8), 12, {"activation": "relu"}),
    "softmax": ((3, 9), 6, {"activation": "softmax"}),
    "tanh": ((3, 9), 6, {"activation": "tanh"}),
    "gelu": ((3, 9), 6, {"activation": "gelu"}),
    "inputs-33-units-17": ((2, 33), 17, {}),
}


def described(units, use_bias=True, activation="linear", **more):
    return {"units": units, "bias": use_bias, "activation": activation, **more}


def built(units, inputs, random, options):
    layer = keras.layers.Dense(units, dtype="float64", **options)
    layer.build((None, inputs))
    layer.kernel.assign(normal(random, inputs, units, scale=inputs**-0.5))
    if layer.use_bias:
        layer.bias.assign(normal(random, units, scale=0.3))
    return layer


def add_case(family, case, shape, units, options):
    random = generator(family.name, case)
    source = variable(normal(random, *shape))
    layer = built(units, shape[1], random, options)
    output, output_gradient, (source_gradient,), parameter_gradients = differentiate(
        lambda: layer(source), [source], [weight.value for weight in layer.trainable_weights], random)
    tensors = {
        "input": source.numpy(), "kernel": np.asarray(layer.kernel).T, "output": output,
        "outputGradient": output_gradient, "inputGradient": source_gradient, "kernelGradient": parameter_gradients[0].T,
    }
    if layer.use_bias:
        tensors |= {"bias": np.asarray(layer.bias), "biasGradient": parameter_gradients[1]}
    if layer.activation is keras.activations.relu:
        layer.activation = keras.activations.linear
        assert_clear_of_kink(np.asarray(layer(source)))
    family.add(case, described(units, **options), **tensors)


def add_flatten_cases(family):
    """Flatten, then Dense, on [N, C, H, W]: once with the kernel's columns as Keras has them, where the channel runs
    fastest (HWC), once with the same numbers sorted into CHW. Input, output and their gradients are the same in both.
    """
    batch, channels, height, width, units = 2, 5, 3, 4, 6
    random = generator(family.name, "flatten")
    source = variable(channels_last(normal(random, batch, channels, height, width)))
    layer = built(units, channels * height * width, random, {})
    flatten = keras.layers.Flatten(dtype="float64")
    output, output_gradient, (source_gradient,), (kernel_gradient, bias_gradient) = differentiate(
        lambda: layer(flatten(source)), [source], [weight.value for weight in layer.trainable_weights], random)

    def columns_to_chw(kernel):
        by_place = kernel.reshape(units, height, width, channels)
        return by_place.transpose(0, 3, 1, 2).reshape(units, channels * height * width)

    shared = {
        "input": channels_first(source.numpy()), "bias": np.asarray(layer.bias), "output": output,
        "outputGradient": output_gradient, "inputGradient": channels_first(source_gradient),
        "biasGradient": bias_gradient,
    }
    kernel = np.asarray(layer.kernel).T
    family.add(
        "flatten", described(units, flattenOrder="HWC"), kernel=kernel, kernelGradient=kernel_gradient.T, **shared)
    family.add(
        "flatten-channels-first", described(units, flattenOrder="CHW"), kernel=columns_to_chw(kernel),
        kernelGradient=columns_to_chw(kernel_gradient.T), **shared)


def unit_dense():
    """PyTorch's: Keras has no such layer."""
    family = Family("UnitDense", layers_torch.SOURCE)
    for case, (shape, units, scale) in {"ten": ((3, 10), 7, 10.0), "one": ((2, 17), 3, 1.0)}.items():
        random = generator(family.name, case)
        tensors = layers_torch.differentiate(
            lambda source, kernel: functional.linear(source, scale * functional.normalize(kernel, dim=1)),
            [normal(random, *shape), normal(random, units, shape[1])], random)
        names = {"input0": "input", "input1": "kernel", "inputGradient0": "inputGradient",
                 "inputGradient1": "kernelGradient"}
        family.add(case, {"units": units, "factor": scale},
                   **{names.get(name, name): tensor for name, tensor in tensors.items()})
    return family


def families():
    family = Family("Dense", SOURCE)
    for case, (shape, units, options) in CASES.items():
        add_case(family, case, shape, units, options)
    add_flatten_cases(family)
    return [family, unit_dense()]
