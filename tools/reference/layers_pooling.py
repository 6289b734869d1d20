"""Pooling, local and global. Maximum pooling gets distinct numbers; with 'same' padding they are all negative, so that
a padding of zeros, which Keras does not have, would win and be seen."""

import torch

import layers_torch
from layers_fixture import Family, channels_first, channels_last, distinct, generator, normal, same_pads
from layers_keras import SOURCE, differentiate, keras, variable

# case: (batch, channels, height, width), window, strides, padding
CASES = {
    "2x2-stride-2-valid": ((2, 3, 4, 6), (2, 2), (2, 2), "valid"),
    "2x2-stride-2-valid-odd": ((2, 3, 7, 5), (2, 2), (2, 2), "valid"),
    "3x3-stride-2-valid": ((2, 3, 9, 7), (3, 3), (2, 2), "valid"),
    "3x3-stride-2-valid-even": ((2, 3, 8, 6), (3, 3), (2, 2), "valid"),
    "3x3-stride-2-same": ((2, 3, 8, 6), (3, 3), (2, 2), "same"),
    "3x3-stride-2-same-odd": ((2, 3, 7, 9), (3, 3), (2, 2), "same"),
    "3x3-stride-1-same": ((2, 3, 5, 6), (3, 3), (1, 1), "same"),
    "2x3-strides-1x2-valid": ((2, 16, 3, 5), (2, 3), (1, 2), "valid"),
}
# case: shape, window, strides, padding, rounded up, padding counted
TORCH_CASES = {
    "MaxPooling2D": {
        "3x3-stride-2-up": ((2, 3, 6, 8), (3, 3), (2, 2), (0, 0), True, False),
        "2x2-stride-2-up-padded": ((2, 16, 5, 4), (2, 2), (2, 2), (1, 1), True, False),
    },
    "AveragePooling2D": {
        "3x3-stride-2-padded": ((2, 3, 7, 5), (3, 3), (2, 2), (1, 1), False, False),
        "3x3-stride-2-counted": ((2, 3, 7, 5), (3, 3), (2, 2), (1, 1), False, True),
        "3x3-stride-1-counted": ((2, 16, 3, 4), (3, 3), (1, 1), (1, 1), False, True),
        "3x3-stride-2-up": ((2, 3, 6, 8), (3, 3), (2, 2), (0, 0), True, False),
        "3x3-stride-2-up-padded": ((2, 3, 6, 8), (3, 3), (2, 2), (1, 1), True, False),
        "3x3-stride-2-up-counted": ((2, 3, 6, 8), (3, 3), (2, 2), (1, 1), True, True),
        "3x3-stride-3-up-counted": ((2, 16, 6, 5), (3, 3), (3, 3), (1, 1), True, True),
    },
}
GLOBAL_CASES = {"9x8": (2, 3, 9, 8), "16-channels": (2, 16, 3, 2), "1x1": (2, 7, 1, 1)}


def add_case(family, case, layer, source, options, random):
    source = variable(channels_last(source))
    output, output_gradient, (source_gradient,), _ = differentiate(lambda: layer(source), [source], [], random)
    family.add(
        case, options, input=channels_first(source.numpy()), output=channels_first(output),
        outputGradient=channels_first(output_gradient), inputGradient=channels_first(source_gradient))


def local_family(name):
    family = Family(name, SOURCE)
    for case, (shape, window, strides, padding) in CASES.items():
        random = generator(name, case)
        if name == "MaxPooling2D":
            low, high = (-2.0, -1.0) if padding == "same" else (-1.0, 1.0)
            source = distinct(random, *shape, low=low, high=high)
        else:
            source = normal(random, *shape)
        layer = getattr(keras.layers, name)(window, strides, padding, dtype="float64")
        pads = same_pads(shape[2:], window, strides) if padding == "same" else [0, 0, 0, 0]
        options = {"pool": list(window), "strides": list(strides), "padding": padding, "pads": pads}
        if name == "AveragePooling2D":
            options["countsPadding"] = False
        add_case(family, case, layer, source, options, random)
    add_torch_cases(family)
    return family


def add_torch_cases(family):
    """What Keras has no option for: rounding up, explicit padding, and padding that counts."""
    for case, (shape, window, strides, pads, rounds_up, counts) in TORCH_CASES[family.name].items():
        random = generator(family.name, case)
        if family.name == "MaxPooling2D":
            source = distinct(random, *shape, low=-2.0, high=-1.0)

            def pooled(tensor):
                return torch.nn.functional.max_pool2d(tensor, window, strides, pads, ceil_mode=rounds_up)
        else:
            source = normal(random, *shape)

            def pooled(tensor):
                return torch.nn.functional.avg_pool2d(
                    tensor, window, strides, pads, ceil_mode=rounds_up, count_include_pad=counts)
        options = {
            "pool": list(window), "strides": list(strides), "padding": "explicit",
            "pads": [pads[0], pads[0], pads[1], pads[1]], "rounding": "up" if rounds_up else "down",
            "countsPadding": counts, "source": layers_torch.SOURCE,
        }
        family.add(case, options, **layers_torch.differentiate(pooled, [source], random))


def global_family(name):
    family = Family(name, SOURCE)
    for case, shape in GLOBAL_CASES.items():
        random = generator(name, case)
        layer = getattr(keras.layers, name)(dtype="float64")
        add_case(family, case, layer, distinct(random, *shape), {}, random)
    return family


def families():
    return [
        local_family("MaxPooling2D"), local_family("AveragePooling2D"),
        global_family("GlobalMaxPooling2D"), global_family("GlobalAveragePooling2D"),
    ]
