"""Depthwise and separable convolutions. Keras's depthwise kernel is [h, w, in, multiplier]; Graft's [in · multiplier, 1, h, w]."""

import numpy as np

from layers_convolution import KINKS
from layers_fixture import Family, channels_first, channels_last, generator, normal, same_pads
from layers_keras import SOURCE, assert_clear_of_kink, differentiate, keras, variable

# case: (batch, channels, height, width), kernel, options
DEPTHWISE_CASES = {
    "same-3x3": ((2, 5, 5, 4), (3, 3), {"padding": "same"}),
    "same-3x3-stride-2": ((2, 16, 6, 5), (3, 3), {"padding": "same", "strides": (2, 2)}),
    "valid-multiplier-2": ((2, 3, 5, 4), (3, 3), {"depth_multiplier": 2}),
    "no-bias": ((2, 4, 4, 5), (3, 3), {"padding": "same", "use_bias": False}),
    "relu6": ((2, 16, 4, 3), (3, 3), {"padding": "same", "activation": "relu6"}),
    "dilation-2": ((2, 3, 6, 5), (3, 3), {"padding": "same", "dilation_rate": (2, 2)}),
}
# case: the same, with the filters first
SEPARABLE_CASES = {
    "same-3x3": (7, (2, 5, 5, 4), (3, 3), {"padding": "same"}),
    "same-3x3-no-bias": (16, (2, 16, 4, 3), (3, 3), {"padding": "same", "use_bias": False}),
    "same-3x3-stride-2": (6, (2, 3, 6, 5), (3, 3), {"padding": "same", "strides": (2, 2)}),
    "valid-multiplier-3": (5, (2, 2, 5, 4), (3, 3), {"depth_multiplier": 3}),
    "relu": (6, (2, 4, 4, 3), (3, 3), {"padding": "same", "activation": "relu"}),
}


def depthwise_kernel(array):
    height, width, channels, multiplier = array.shape
    return np.transpose(np.reshape(array, (height, width, 1, channels * multiplier)), (3, 2, 0, 1))


def pointwise_kernel(array):
    return np.transpose(array, (3, 2, 0, 1))


def described(shape, kernel, padding="valid", strides=(1, 1), dilation_rate=(1, 1), depth_multiplier=1, use_bias=True,
              activation="linear"):
    pads = same_pads(shape[2:], kernel, strides, dilation_rate) if padding == "same" else [0, 0, 0, 0]
    return {
        "kernel": list(kernel), "strides": list(strides), "padding": padding, "pads": pads,
        "dilation": list(dilation_rate), "multiplier": depth_multiplier, "bias": use_bias, "activation": activation,
    }


def add_case(family, case, layer, shape, options, roles):
    """`roles` are the layer's parameters in Keras's order, each with its way into Graft's layout."""
    random = generator(family.name, case)
    source = variable(channels_last(normal(random, *shape)))
    layer.build(source.shape)
    parameters = layer.trainable_weights
    for parameter in parameters:
        parameter.assign(normal(random, *parameter.shape, scale=0.4))
    output, output_gradient, (source_gradient,), gradients = differentiate(
        lambda: layer(source), [source], [parameter.value for parameter in parameters], random)
    kinks = KINKS.get(options["activation"], [])
    layer.activation = keras.activations.linear
    for kink in kinks:
        assert_clear_of_kink(np.asarray(layer(source)) - kink)
    tensors = {}
    for (role, converted), parameter, gradient in zip(roles, parameters, gradients):
        tensors |= {role: converted(np.asarray(parameter)), f"{role}Gradient": converted(gradient)}
    family.add(
        case, options, input=channels_first(source.numpy()), output=channels_first(output),
        outputGradient=channels_first(output_gradient), inputGradient=channels_first(source_gradient), **tensors)


def families():
    depthwise = Family("DepthwiseConv2D", SOURCE)
    for case, (shape, kernel, options) in DEPTHWISE_CASES.items():
        layer = keras.layers.DepthwiseConv2D(kernel, dtype="float64", **options)
        roles = [("depthwiseKernel", depthwise_kernel), ("bias", np.asarray)]
        add_case(depthwise, case, layer, shape, described(shape, kernel, **options), roles)
    separable = Family("SeparableConv2D", SOURCE)
    for case, (filters, shape, kernel, options) in SEPARABLE_CASES.items():
        layer = keras.layers.SeparableConv2D(filters, kernel, dtype="float64", **options)
        roles = [
            ("depthwiseKernel", depthwise_kernel), ("pointwiseKernel", pointwise_kernel), ("bias", np.asarray)]
        add_case(separable, case, layer, shape, {"filters": filters} | described(shape, kernel, **options), roles)
    return [depthwise, separable]
