"""Seeded random weights, and random statistics of normalisations, under which numbers keep a sensible size."""

import quiet_tensorflow  # noqa: F401 (before Keras, which reads the environment)

import numpy as np
import tf_keras
from tf_keras import layers

import networks
import networks_kinks


def randomize(model, seed, input_scale=60.0, logit_scale=2.0, images=None, uses_batch=False):
    """Sets every weight of `model`, in one walk from a seeded input of deviation `input_scale` to the logits, which get a
    deviation of about `logit_scale`; so no activation dies, none explodes, and no probability saturates.

    Kernels are normal and then divided by the deviation that their layer shows (arXiv:1511.06422), biases small. A
    normalisation's moving statistics are those of what it is fed, put wrong at random: the mean of each channel by up to
    half its deviation, the variance by a factor of 0.5 to 2; gamma is 0.5 to 1.5, beta ±0.2.

    Two things keep rounding errors from growing with depth, without which Keras's float32 is off its own float64 by 2e-3
    after a ResNet-152: what a block adds to its own input is 0.3 times as large (arXiv:1901.09321), and beta is 1 ± 0.2
    before a ReLU (which else makes a mean of half the numbers' size, that the next normalisation takes away again).

    `images` are walked with in place of seeded ones, and then no ReLU's input lies near zero and no pooling after a
    normalisation has two maxima: where one does, its rounding decides whether a gradient passes, and no two programs
    agree. With `uses_batch`, normalisations use the statistics of the images, as in training.
    """
    random = np.random.default_rng(seed)
    image = (random.standard_normal((2, *model.input_shape[1:])) * input_scale).astype(np.float32)
    image = image if images is None else images
    last = [layer for layer in model.layers if layer.weights][-1]
    added, rectified = added_to_identity(model), rectified_layers(model)
    pooled = pooled_normalizations(model)
    values = {}
    for layer in model.layers:
        if isinstance(layer, layers.InputLayer):
            values[layer.name] = image
            continue
        sources = [values[tensor._keras_history.layer.name] for tensor in networks.as_list(layer.input)]
        if images is not None and layer.name in pooled:
            networks_kinks.separate(layer, pooled[layer.name], values, random)
            sources = [values[tensor._keras_history.layer.name] for tensor in networks.as_list(layer.input)]
        source = sources if len(sources) > 1 else sources[0]
        if isinstance(layer, layers.BatchNormalization):
            layer.set_weights(random_normalization(
                layer, random, source, added.get(layer.name, 1.0), 1.0 if layer.name in rectified else 0.0))
        elif layer.weights:
            scale = logit_scale if layer is last else added.get(layer.name, 1.0)
            layer.set_weights(random_kernels(layer, random, source, scale))
        if uses_batch and isinstance(layer, layers.BatchNormalization):
            values[layer.name] = normalized_by_batch(layer, source)
        else:
            values[layer.name] = layer(source, training=False).numpy()
        if images is not None and layer.name in rectified:
            networks_kinks.clear(layer, values)
    return model


def added_to_identity(model):
    """{layer: 0.3} for those with weights whose output is added to what their block was fed."""
    scales = {}
    for layer in model.layers:
        if isinstance(layer, layers.Add):
            sources = [tensor._keras_history.layer for tensor in layer.input]
            weighted = [source.name for source in sources if source.weights]
            if len(weighted) < len(sources):
                scales.update(dict.fromkeys(weighted, 0.3))
    return scales


def rectified_layers(model):
    """Names of the layers that a ReLU follows."""
    return {layer.input._keras_history.layer.name for layer in model.layers
            if isinstance(layer, layers.ReLU)
            or isinstance(layer, layers.Activation) and layer.activation is tf_keras.activations.relu}


def pooled_normalizations(model):
    """{normalisation: the maximum pooling that reads it, through a ReLU or at once}."""
    poolings = {}
    for pooling in model.layers:
        if isinstance(pooling, layers.MaxPooling2D):
            feed = pooling.input._keras_history.layer
            feed = feed.input._keras_history.layer if isinstance(feed, layers.Activation) else feed
            if isinstance(feed, layers.BatchNormalization):
                poolings[feed.name] = pooling
    return poolings


def random_normalization(layer, random, source, scale, shift):
    places = tuple(range(source.ndim - 1))
    mean, variance = source.mean(axis=places, dtype=np.float64), source.var(axis=places, dtype=np.float64)
    count = source.shape[-1]
    gamma = [scale * random.uniform(0.5, 1.5, count)] if layer.scale else []
    beta = [shift + scale * random.uniform(-0.2, 0.2, count)] if layer.center else []
    mean += random.uniform(-0.5, 0.5, count) * np.sqrt(variance)
    return gamma + beta + [mean, variance * random.uniform(0.5, 2, count)]


def normalized_by_batch(layer, source):
    places = tuple(range(source.ndim - 1))
    mean, variance = source.mean(axis=places, dtype=np.float64), source.var(axis=places, dtype=np.float64)
    gamma = layer.gamma.numpy() if layer.scale else 1.0
    return ((source - mean) / np.sqrt(variance + layer.epsilon) * gamma + layer.beta.numpy()).astype(np.float32)


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
