"""Activations. The options' `activation` is a function as Graft saves it: a name, or an object with its constants."""

import numpy as np
import tensorflow
import torch
import torch.nn.functional as functional

import layers_torch
from layers_fixture import Family, channels_first, channels_last, generator, normal
from layers_keras import SOURCE, assert_clear_of_kink, differentiate, keras, variable

MAP, MATRIX = (2, 5, 3, 4), (3, 11)


def thresholded(theta):
    return lambda x: x * tensorflow.cast(x > theta, x.dtype)


def relu(**options):
    return keras.layers.ReLU(dtype="float64", **options)


# case: function as Graft saves it, as the reference computes it, shape, where its slope jumps
CASES = {
    "relu": ("relu", keras.activations.relu, MAP, [0]),
    "relu-matrix": ("relu", keras.activations.relu, MATRIX, [0]),
    "linear": ("linear", keras.activations.linear, MAP, []),
    "softmax-matrix": ("softmax", keras.activations.softmax, (3, 10), []),
    "softmax-channels": ("softmax", keras.activations.softmax, (2, 7, 3, 4), []),
    "softmax-large": ("softmax", keras.activations.softmax, (2, 9), []),
    "log-softmax-matrix": ("log_softmax", keras.activations.log_softmax, (3, 10), []),
    "log-softmax-channels": ("log_softmax", keras.activations.log_softmax, (2, 7, 3, 4), []),
    "relu6": ("relu6", keras.activations.relu6, MAP, [0, 6]),
    "relu-bounded": ({"function": "relu", "maxValue": 1.5, "negativeSlope": 0, "threshold": 0},
                     relu(max_value=1.5), MAP, [0, 1.5]),
    "relu-bounded-sloping": ({"function": "relu", "maxValue": 1.5, "negativeSlope": 0.25, "threshold": 0},
                             relu(max_value=1.5, negative_slope=0.25), MAP, [0, 1.5]),
    "relu-threshold": ({"function": "relu", "negativeSlope": 0, "threshold": 0.5}, relu(threshold=0.5), MAP, [0.5]),
    "relu-all-options": ({"function": "relu", "maxValue": 1.5, "negativeSlope": 0.25, "threshold": 0.5},
                         relu(max_value=1.5, negative_slope=0.25, threshold=0.5), MAP, [0.5, 1.5]),
    "leaky-relu": ({"function": "leaky_relu", "slope": 0.3}, keras.layers.LeakyReLU(0.3, dtype="float64"), MAP, [0]),
    "leaky-relu-falling": ({"function": "leaky_relu", "slope": -0.5},
                           lambda x: tensorflow.where(x > 0, x, -0.5 * x), MAP, [0]),
    "elu": ({"function": "elu", "alpha": 1}, keras.activations.elu, MAP, [0]),
    "elu-alpha": ({"function": "elu", "alpha": 0.5}, keras.layers.ELU(0.5, dtype="float64"), MATRIX, [0]),
    "selu": ("selu", keras.activations.selu, MAP, [0]),
    "gelu": ("gelu", lambda x: keras.activations.gelu(x, approximate=False), MAP, []),
    "gelu-tanh": ("gelu_tanh", lambda x: keras.activations.gelu(x, approximate=True), MAP, []),
    "sigmoid": ("sigmoid", keras.activations.sigmoid, MAP, []),
    "hard-sigmoid": ({"function": "hard_sigmoid", "slope": 1 / 6, "offset": 0.5}, keras.activations.hard_sigmoid, MAP,
                     [-3, 3]),
    "hard-sigmoid-keras-2": ({"function": "hard_sigmoid", "slope": 0.2, "offset": 0.5},
                             lambda x: tensorflow.clip_by_value(0.2 * x + 0.5, 0, 1), MATRIX, [-2.5, 2.5]),
    "tanh": ("tanh", keras.activations.tanh, MAP, []),
    "softplus": ("softplus", keras.activations.softplus, MAP, []),
    "softsign": ("softsign", keras.activations.softsign, MAP, []),
    "softsign-17-channels": ("softsign", keras.activations.softsign, (2, 17, 2, 1), []),
    "swish": ("silu", keras.activations.silu, MAP, []),
    "hard-swish": ("hard_silu", keras.activations.hard_silu, MAP, [-3, 3]),
    "exponential": ("exponential", keras.activations.exponential, MAP, []),
    "thresholded-relu": ({"function": "thresholded_relu", "theta": 0.7}, thresholded(0.7), MAP, [0.7]),
}
# What Keras has no float64 function for, and images of other ranks: function as Graft saves it, as PyTorch computes it,
# shape, where its slope jumps, what the numbers are (of a deviation of 2 where nothing is said)
TORCH_CASES = {
    "clip": ({"function": "clip", "min": -0.75, "max": 1.25}, lambda x: x.clamp(-0.75, 1.25), MAP, [-0.75, 1.25]),
    "mish": ("mish", functional.mish, MAP, []),
    "log-sigmoid": ("log_sigmoid", functional.logsigmoid, MAP, []),
    "celu": ({"function": "celu", "alpha": 1}, functional.celu, MAP, [0]),
    "celu-alpha": ({"function": "celu", "alpha": 0.5}, lambda x: functional.celu(x, 0.5), MATRIX, [0]),
    "hard-shrink": ({"function": "hard_shrink", "lambda": 0.5}, functional.hardshrink, MAP, [-0.5, 0.5]),
    "hard-shrink-17-channels": ({"function": "hard_shrink", "lambda": 1.5}, lambda x: functional.hardshrink(x, 1.5),
                                (2, 17, 2, 1), [-1.5, 1.5]),
    "soft-shrink": ({"function": "soft_shrink", "lambda": 0.5}, functional.softshrink, MAP, [-0.5, 0.5]),
    "tanh-shrink": ("tanh_shrink", functional.tanhshrink, MAP, []),
    "absolute": ("abs", torch.abs, MAP, [0]),
    "square-root": ("sqrt", torch.sqrt, MAP, [], "positive"),
    "square": ("square", torch.square, MAP, []),
    "logarithm": ("log", torch.log, MAP, [], "positive"),
    "power-3": ({"function": "power", "exponent": 3}, lambda x: x**3, MAP, []),
    "power-3-of-zeros": ({"function": "power", "exponent": 3}, lambda x: x**3, MATRIX, [], "rectified"),
    "power-minus-half": ({"function": "power", "exponent": -0.5}, lambda x: x**-0.5, MAP, [], "positive"),
    "power-1.7": ({"function": "power", "exponent": 1.7}, lambda x: x**1.7, MATRIX, [], "positive"),
    "mish-large": ("mish", functional.mish, MATRIX, [], "large"),
    "log-sigmoid-large": ("log_sigmoid", functional.logsigmoid, MATRIX, [], "large"),
    "softplus-large": ("softplus", functional.softplus, MATRIX, [], "large"),
    "celu-large": ({"function": "celu", "alpha": 2}, lambda x: functional.celu(x, 2.0), MATRIX, [0], "large"),
    "gelu-rank-2": ("gelu", functional.gelu, (2, 3, 5), []),
    "relu-rank-4": ("relu", functional.relu, (2, 3, 2, 2, 3), [0]),
    "swish-rank-5": ("silu", functional.silu, (2, 3, 2, 1, 2, 3), []),
    "softsign-rank-5": ("softsign", functional.softsign, (2, 3, 2, 1, 2, 3), []),
    "thresholded-relu-rank-4": ({"function": "thresholded_relu", "theta": 0.7}, lambda x: x * (x > 0.7),
                                (2, 3, 2, 2, 3), [0.7]),
    "hard-shrink-rank-5": ({"function": "hard_shrink", "lambda": 0.5}, functional.hardshrink, (2, 3, 2, 1, 2, 3),
                           [-0.5, 0.5]),
    "softmax-rank-2": ("softmax", lambda x: x.softmax(1), (2, 6, 5), []),
    "softmax-rank-4": ("softmax", lambda x: x.softmax(1), (2, 5, 2, 3, 2), []),
    "log-softmax-rank-2": ("log_softmax", lambda x: x.log_softmax(1), (2, 6, 5), []),
    "log-softmax-rank-4": ("log_softmax", lambda x: x.log_softmax(1), (2, 5, 2, 3, 2), []),
}
# case: shape, axes of [H, W, C] (counted from 1, as Keras does) that share, and their names in Graft
PRELU_CASES = {
    "shared-pixels": ((2, 5, 3, 4), [1, 2], ["height", "width"]),
    "shared-pixels-16-channels": ((2, 16, 3, 2), [1, 2], ["height", "width"]),
    "own": ((2, 3, 3, 4), None, []),
    "shared-all": ((2, 3, 3, 4), [1, 2, 3], ["channels", "height", "width"]),
    "vector": ((4, 7), None, []),
}


def activation():
    family = Family("Activation", SOURCE)
    for case, (function, reference, shape, kinks) in CASES.items():
        random = generator(family.name, case)
        # Large logits overflow exp in float32 unless the largest is subtracted first; the old cases keep their scale.
        old = function in ("relu", "linear", "softmax")
        source = normal(random, *shape, scale=100.0 if case == "softmax-large" else 1.0 if old else 2.0)
        for kink in kinks:
            assert_clear_of_kink(source - kink)
        options = {"activation": function} | ({"axis": 1} if "softmax" in case else {})
        source = variable(channels_last(source))
        output, output_gradient, (source_gradient,), _ = differentiate(lambda: reference(source), [source], [], random)
        family.add(
            case, options, input=channels_first(source.numpy()), output=channels_first(output),
            outputGradient=channels_first(output_gradient), inputGradient=channels_first(source_gradient))
    for case, row in TORCH_CASES.items():
        add_torch_case(family, case, *row)
    return family


def add_torch_case(family, case, function, reference, shape, kinks, numbers="any"):
    random = generator(family.name, case)
    source = normal(random, *shape, scale=60.0 if numbers == "large" else 2.0)
    if numbers == "positive":
        source = (np.abs(source) + 0.125).astype(np.float32).astype(np.float64)
    if numbers == "rectified":
        source = np.maximum(source, 0)
    for kink in kinks:
        assert_clear_of_kink(source - kink)
    tensors = layers_torch.differentiate(reference, [source], random)
    options = {"activation": function} | ({"axis": 1} if "softmax" in case else {})
    family.add(case, options | {"source": layers_torch.SOURCE}, **tensors)


def prelu():
    family = Family("PReLU", SOURCE)
    for case, (shape, axes, names) in PRELU_CASES.items():
        random = generator(family.name, case)
        source = variable(channels_last(normal(random, *shape)))
        layer = keras.layers.PReLU(shared_axes=axes, dtype="float64")
        layer.build(source.shape)
        layer.alpha.assign(normal(random, *layer.alpha.shape, scale=0.3))
        assert_clear_of_kink(source.numpy())
        output, output_gradient, (source_gradient,), (alpha_gradient,) = differentiate(
            lambda: layer(source), [source], [layer.alpha.value], random)
        family.add(
            case, {"sharedAxes": names}, input=channels_first(source.numpy()),
            alpha=np.moveaxis(np.asarray(layer.alpha), -1, 0), output=channels_first(output),
            outputGradient=channels_first(output_gradient), inputGradient=channels_first(source_gradient),
            alphaGradient=np.moveaxis(alpha_gradient, -1, 0))
    return family


def families():
    return [activation(), prelu()]
