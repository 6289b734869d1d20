"""Seeded random weights, and random statistics of normalisations, under which numbers keep a sensible size."""

import quiet_tensorflow  # noqa: F401 (before Keras, which reads the environment)

import numpy as np
import tf_keras
from tf_keras import layers

import networks


def randomize(model, seed, input_scale=60.0, logit_scale=2.0):
    """Sets every weight of `model`, in one walk from a seeded input of deviation `input_scale` to the logits, which get a
    deviation of about `logit_scale`; so no activation dies, none explodes, and no probability saturates.

    Kernels are normal and then divided by the deviation that their layer shows (arXiv:1511.06422), biases small. A
    normalisation's moving statistics are those of what it is fed, put wrong at random: the mean of each channel by up to
    half its deviation, the variance by a factor of 0.5 to 2; gamma is 0.5 to 1.5, beta ±0.2.
    """
    random = np.random.default_rng(seed)
    image = (random.standard_normal((2, *model.input_shape[1:])) * input_scale).astype(np.float32)
    last = [layer for layer in model.layers if layer.weights][-1]
    values = {}
    for layer in model.layers:
        if isinstance(layer, layers.InputLayer):
            values[layer.name] = image
            continue
        sources = [values[tensor._keras_history.layer.name] for tensor in networks.as_list(layer.input)]
        source = sources if len(sources) > 1 else sources[0]
        if isinstance(layer, layers.BatchNormalization):
            layer.set_weights(random_normalization(layer, random, source))
        elif layer.weights:
            layer.set_weights(random_kernels(layer, random, source, logit_scale if layer is last else 1.0))
        values[layer.name] = layer(source, training=False).numpy()
    return model


def random_normalization(layer, random, source):
    places = tuple(range(source.ndim - 1))
    mean, variance = source.mean(axis=places, dtype=np.float64), source.var(axis=places, dtype=np.float64)
    count = source.shape[-1]
    gamma = [random.uniform(0.5, 1.5, count)] if layer.scale else []
    beta = [random.uniform(-0.2, 0.2, count)] if layer.center else []
    mean += random.uniform(-0.5, 0.5, count) * np.sqrt(variance)
    return gamma + beta + [mean, variance * random.uniform(0.5, 2, count)]


def random_kernels(layer, random, source, scale):
    """The layer's kernels, its outputs' deviation being `scale`, and its bias where it has one."""
    weights = []
    for variable in layer.weights:
        array = random.standard_normal(variable.shape, dtype=np.float32)
        is_bias = "bias" in variable.name
        weights.append(array * np.float32(0.05 if is_bias else np.sqrt(1 / fan_in(variable))))
    last_kernel = max(index for index, variable in enumerate(layer.weights) if "kernel" in variable.name)
    weights[last_kernel] = weights[last_kernel] * np.float32(scale / linear_deviation(layer, weights, source))
    return weights


def fan_in(kernel):
    """How many products one output sums. A depthwise kernel is [height, width, in, multiplier]."""
    return np.prod(kernel.shape[:2] if "depthwise" in kernel.name else kernel.shape[:-1])


def linear_deviation(layer, weights, source):
    """The standard deviation of what the kernels make of `source`, before bias and activation."""
    activation, layer.activation = layer.activation, tf_keras.activations.linear
    layer.set_weights([array if "kernel" in variable.name else np.zeros_like(array)
                       for variable, array in zip(layer.weights, weights)])
    deviation = float(np.std(layer(source).numpy()))
    layer.activation = activation
    return deviation
