"""Convolutions. Keras computes all cases but explicit padding, which it has no option for: PyTorch does that one."""

import numpy as np
import torch

from layers_fixture import Family, channels_first, channels_last, generator, normal, same_pads
from layers_keras import SOURCE, assert_clear_of_kink, differentiate, keras, variable

# case: (batch, input channels, height, width), filters, kernel, then what differs from stride 1, 'valid', a bias
CASES = {
    "same-3x3": ((2, 3, 6, 5), 5, (3, 3), {"padding": "same"}),
    "valid-3x3-stride-2": ((2, 3, 9, 8), 4, (3, 3), {"strides": (2, 2)}),
    "same-3x3-stride-2-even": ((2, 3, 8, 6), 4, (3, 3), {"padding": "same", "strides": (2, 2)}),
    "same-3x3-stride-2-odd": ((2, 3, 9, 7), 4, (3, 3), {"padding": "same", "strides": (2, 2)}),
    "same-2x2-stride-1": ((2, 4, 5, 4), 3, (2, 2), {"padding": "same"}),
    "pointwise": ((3, 7, 3, 4), 9, (1, 1), {}),
    "pointwise-stride-2": ((2, 6, 5, 4), 8, (1, 1), {"strides": (2, 2)}),
    "valid-7x7-stride-2": ((2, 3, 9, 9), 3, (7, 7), {"strides": (2, 2)}),
    "groups-2": ((2, 4, 5, 5), 6, (3, 3), {"padding": "same", "groups": 2}),
    "depthwise": ((2, 5, 5, 5), 5, (3, 3), {"padding": "same", "groups": 5}),
    "rectangular-3x5-strides-2x1": ((2, 3, 8, 7), 4, (3, 5), {"padding": "same", "strides": (2, 1)}),
    "no-bias": ((2, 5, 4, 5), 4, (3, 3), {"padding": "same", "use_bias": False}),
    "dilation-2": ((2, 3, 7, 6), 4, (3, 3), {"padding": "same", "dilation_rate": (2, 2)}),
    "relu": ((2, 4, 5, 5), 6, (3, 3), {"padding": "same", "activation": "relu"}),
    "relu6": ((2, 4, 4, 3), 6, (3, 3), {"padding": "same", "activation": "relu6"}),
    "tanh": ((2, 4, 4, 3), 6, (3, 3), {"padding": "same", "activation": "tanh"}),
    "sigmoid-17": ((2, 4, 4, 3), 17, (1, 1), {"activation": "sigmoid"}),
    "swish": ((2, 4, 4, 3), 6, (3, 3), {"padding": "same", "activation": "silu"}),
    "hard-swish": ((2, 4, 4, 3), 6, (3, 3), {"padding": "same", "activation": "hard_silu"}),
    "selu": ((2, 4, 4, 3), 6, (3, 3), {"padding": "same", "activation": "selu"}),
    "softsign": ((2, 4, 4, 3), 6, (3, 3), {"padding": "same", "activation": "softsign"}),
    "channels-17-to-19": ((2, 17, 2, 3), 19, (3, 3), {"padding": "same"}),
    "channels-16-to-32": ((2, 16, 2, 3), 32, (3, 3), {"padding": "same"}),
}

# Where an activation's slope jumps.
KINKS = {"relu": [0], "relu6": [0, 6], "selu": [0], "hard_silu": [-3, 3]}


def described(filters, kernel, padding, pads, strides=(1, 1), dilation_rate=(1, 1), groups=1, use_bias=True,
              activation="linear"):
    """The options a test builds its layer from; `pads` is what the padding comes to: top, bottom, left, right."""
    return {
        "filters": filters, "kernel": list(kernel), "strides": list(strides), "padding": padding, "pads": list(pads),
        "dilation": list(dilation_rate), "groups": groups, "bias": use_bias, "activation": activation,
    }


def add_keras_case(family, case, shape, filters, kernel, options):
    random = generator(family.name, case)
    options = {"padding": "valid", **options}
    layer = keras.layers.Conv2D(filters, kernel, dtype="float64", **options)
    source = variable(channels_last(normal(random, *shape)))
    layer.build(source.shape)
    inputs_a_filter = kernel[0] * kernel[1] * layer.kernel.shape[2]
    layer.kernel.assign(normal(random, *layer.kernel.shape, scale=inputs_a_filter**-0.5))
    if layer.use_bias:
        layer.bias.assign(normal(random, *layer.bias.shape, scale=0.3))
    output, output_gradient, (source_gradient,), parameter_gradients = differentiate(
        lambda: layer(source), [source], [weight.value for weight in layer.trainable_weights], random)
    kinks = KINKS.get(options.get("activation"), [])
    layer.activation = keras.activations.linear
    for kink in kinks:
        assert_clear_of_kink(np.asarray(layer(source)) - kink)

    def kernel_to_oihw(array):
        return np.transpose(array, (3, 2, 0, 1))

    tensors = {
        "input": channels_first(source.numpy()),
        "kernel": kernel_to_oihw(np.asarray(layer.kernel)),
        "output": channels_first(output),
        "outputGradient": channels_first(output_gradient),
        "inputGradient": channels_first(source_gradient),
        "kernelGradient": kernel_to_oihw(parameter_gradients[0]),
    }
    if layer.use_bias:
        tensors |= {"bias": np.asarray(layer.bias), "biasGradient": parameter_gradients[1]}
    dilation = options.get("dilation_rate", (1, 1))
    pads = [0, 0, 0, 0]
    if options["padding"] == "same":
        pads = same_pads(shape[2:], kernel, options.get("strides", (1, 1)), dilation)
    family.add(case, described(filters, kernel, pads=pads, **options), **tensors)


# case: shape, filters, kernel, top, bottom, left, right, then what differs from stride 1
EXPLICIT_CASES = {
    "explicit-padding": ((2, 3, 6, 5), 4, (3, 3), (1, 2, 0, 1), {}),
    "explicit-strides": ((2, 3, 7, 6), 17, (3, 2), (0, 1, 1, 0), {"strides": (2, 3)}),
    "explicit-dilated": ((2, 4, 6, 7), 5, (3, 2), (2, 1, 0, 3), {"dilation_rate": (2, 3)}),
    "explicit-dilated-groups": ((2, 4, 6, 7), 6, (2, 3), (1, 1, 2, 0), {"dilation_rate": (2, 2), "strides": (2, 1),
                                                                      "groups": 2}),
    "explicit-depthwise-dilated": ((2, 16, 6, 5), 16, (3, 3), (2, 2, 1, 2), {"dilation_rate": (2, 2), "groups": 16}),
    "stride-beyond-kernel": ((2, 3, 11, 8), 4, (2, 1), (0, 0, 0, 0), {"strides": (5, 3)}),
    "stride-beyond-kernel-16": ((2, 16, 11, 8), 16, (1, 1), (0, 0, 1, 0), {"strides": (4, 3)}),
    "kernel-beyond-input": ((2, 3, 2, 3), 4, (5, 4), (2, 3, 3, 1), {}),
    "kernel-beyond-input-16": ((2, 16, 2, 3), 4, (3, 5), (2, 2, 3, 4), {"strides": (2, 2)}),
    "padding-beyond-kernel": ((2, 3, 3, 4), 4, (2, 2), (3, 4, 0, 2), {}),
    "padding-beyond-kernel-16": ((2, 16, 3, 4), 16, (2, 2), (4, 0, 3, 5), {}),
}


def add_explicit_padding_case(family, case, shape, filters, kernel, pads, options):
    random = generator(family.name, case)
    source = torch.tensor(normal(random, *shape), requires_grad=True)
    strides, dilation = options.get("strides", (1, 1)), options.get("dilation_rate", (1, 1))
    groups = options.get("groups", 1)
    weight = torch.tensor(normal(random, filters, shape[1] // groups, *kernel, scale=0.2), requires_grad=True)
    bias = torch.tensor(normal(random, filters, scale=0.3), requires_grad=True)
    top, bottom, left, right = pads
    output = torch.conv2d(torch.nn.functional.pad(source, (left, right, top, bottom)), weight, bias, strides,
                          dilation=dilation, groups=groups)
    output_gradient = normal(random, *output.shape)
    output.backward(torch.tensor(output_gradient))
    options = described(filters, kernel, "explicit", pads, **options)
    options["source"] = f"torch {torch.__version__}, float64"
    family.add(
        case, options, input=source.detach(), kernel=weight.detach(), bias=bias.detach(), output=output.detach(),
        outputGradient=output_gradient, inputGradient=source.grad, kernelGradient=weight.grad, biasGradient=bias.grad)


def families():
    family = Family("Conv2D", SOURCE)
    for case, (shape, filters, kernel, options) in CASES.items():
        add_keras_case(family, case, shape, filters, kernel, options)
    for case, row in EXPLICIT_CASES.items():
        add_explicit_padding_case(family, case, *row)
    return [family]
