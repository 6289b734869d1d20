"""Batch normalisation: by its moving statistics, by those of the batch, and ten steps that move the moving ones."""

import numpy as np
import torch

from layers_fixture import Family, channels_first, channels_last, generator, normal
from layers_keras import SOURCE, differentiate, keras, variable

# case: shape, whether the batch's statistics are used, then what differs from Keras's defaults
CASES = {
    "moving": ((3, 5, 4, 3), False, {}),
    "moving-no-gamma": ((2, 17, 3, 2), False, {"scale": False}),
    "moving-no-beta": ((2, 4, 3, 2), False, {"center": False}),
    "moving-bare": ((2, 6, 3, 2), False, {"scale": False, "center": False}),
    "moving-epsilon": ((2, 16, 2, 3), False, {"epsilon": 1.001e-5}),
    "moving-vector": ((4, 7), False, {}),
    "moving-sequence": ((2, 5, 6), False, {}),
    "batch": ((3, 5, 4, 3), True, {}),
    "batch-momentum": ((2, 16, 4, 3), True, {"momentum": 0.9, "epsilon": 1.001e-5}),
    "batch-no-gamma": ((3, 17, 3, 2), True, {"scale": False}),
    "batch-no-beta": ((3, 4, 3, 2), True, {"center": False}),
    "batch-bare": ((3, 6, 3, 2), True, {"scale": False, "center": False}),
    "batch-vector": ((6, 7), True, {}),
    "batch-sequence": ((3, 16, 4), True, {}),
}
STEPS = 10


def drawn(random, count):
    """Gamma, beta, moving mean, moving variance: none of them what a fresh layer has."""
    variance = np.square(normal(random, count)).astype(np.float32).astype(np.float64) + 0.5
    return 1 + normal(random, count, scale=0.25), normal(random, count, scale=0.3), normal(random, count), variance


def built(random, shape, options):
    channels = shape[1]
    layer = keras.layers.BatchNormalization(dtype="float64", **options)
    layer.build((None, *shape[2:], channels))
    gamma, beta, mean, variance = drawn(random, channels)
    tensors = {}
    if layer.scale:
        layer.gamma.assign(gamma)
        tensors["gamma"] = gamma
    if layer.center:
        layer.beta.assign(beta)
        tensors["beta"] = beta
    layer.moving_mean.assign(mean)
    layer.moving_variance.assign(variance)
    return layer, tensors | {"movingMean": mean, "movingVariance": variance}


def described(layer, uses_batch):
    return {
        "epsilon": layer.epsilon, "momentum": layer.momentum, "scale": layer.scale, "center": layer.center,
        "statistics": "batch" if uses_batch else "moving", "movingVariance": "biased",
    }


def add_case(family, case, shape, uses_batch, options):
    random = generator(family.name, case)
    layer, tensors = built(random, shape, options)
    # Away from mean 0 and variance 1, so that a forgotten statistic shows.
    source = variable(channels_last(normal(random, *shape, scale=1.5) + 0.5))
    if uses_batch:
        tensors["inferenceOutput"] = channels_first(np.asarray(layer(source, training=False)))
    output, output_gradient, (source_gradient,), parameter_gradients = differentiate(
        lambda: layer(source, training=uses_batch), [source], [weight.value for weight in layer.trainable_weights],
        random)
    names = [name for name in ("gamma", "beta") if name in tensors]
    tensors |= {f"{name}Gradient": gradient for name, gradient in zip(names, parameter_gradients)}
    if uses_batch:
        tensors |= {"movingMeanAfter": np.asarray(layer.moving_mean),
                    "movingVarianceAfter": np.asarray(layer.moving_variance)}
    family.add(
        case, described(layer, uses_batch), input=channels_first(source.numpy()), output=channels_first(output),
        outputGradient=channels_first(output_gradient), inputGradient=channels_first(source_gradient), **tensors)


def steps():
    """Ten forward passes in training: the moving statistics after the last, by Keras's rule and by PyTorch's."""
    family = Family("BatchNormalizationSteps", SOURCE)
    shape = (STEPS, 3, 4, 3, 2)
    random = generator(family.name, "keras")
    layer, tensors = built(random, shape[1:], {"momentum": 0.9})
    batches = normal(random, *shape, scale=1.5) + 0.5
    for batch in batches:
        layer(channels_last(batch), training=True)
    family.add(
        "keras", described(layer, True), batches=batches, **tensors, movingMeanAfter=layer.moving_mean,
        movingVarianceAfter=layer.moving_variance)

    torch_layer = torch.nn.BatchNorm2d(shape[2], eps=1e-3, momentum=0.1, dtype=torch.float64)
    torch_layer.running_mean.copy_(torch.tensor(tensors["movingMean"]))
    torch_layer.running_var.copy_(torch.tensor(tensors["movingVariance"]))
    for batch in batches:
        torch_layer(torch.tensor(batch))
    options = described(layer, True) | {
        "movingVariance": "unbiased", "source": f"torch {torch.__version__}, float64"}
    family.add(
        "torch", options, batches=batches, **tensors, movingMeanAfter=torch_layer.running_mean,
        movingVarianceAfter=torch_layer.running_var)
    return family


def families():
    family = Family("BatchNormalization", SOURCE)
    for case, (shape, uses_batch, options) in CASES.items():
        add_case(family, case, shape, uses_batch, options)
    return [family, steps()]
