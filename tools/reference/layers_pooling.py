"""Pooling, local and global. Maximum pooling gets distinct numbers; with 'same' padding they are all negative, so that
a padding of zeros, which Keras does not have, would win and be seen."""

import numpy as np
import onnx
import onnxruntime
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
# case: shape, window, strides, padding (as PyTorch gives it, or top, bottom, left, right), rounded up, padding counted,
# dilation where there is one
TORCH_CASES = {
    "MaxPooling2D": {
        "3x3-stride-2-up": ((2, 3, 6, 8), (3, 3), (2, 2), (0, 0), True, False),
        "2x2-stride-2-up-padded": ((2, 16, 5, 4), (2, 2), (2, 2), (1, 1), True, False),
        "asymmetric": ((2, 3, 6, 5), (3, 3), (2, 2), (0, 1, 2, 1), False, False),
        "stride-beyond-window": ((2, 3, 11, 8), (2, 1), (5, 3), (0, 0), False, False),
        "window-beyond-input": ((2, 16, 2, 3), (4, 5), (1, 2), (2, 1, 1, 2), False, False),
        "dilated": ((2, 3, 7, 8), (3, 2), (2, 1), (0, 0), False, False, (2, 3)),
        "dilated-padded": ((2, 16, 6, 5), (2, 3), (1, 2), (1, 0, 1, 2), False, False, (3, 2)),
        "dilated-up": ((2, 3, 6, 7), (2, 2), (2, 2), (1, 1), True, False, (2, 2)),
    },
    "AveragePooling2D": {
        "3x3-stride-2-padded": ((2, 3, 7, 5), (3, 3), (2, 2), (1, 1), False, False),
        "3x3-stride-2-counted": ((2, 3, 7, 5), (3, 3), (2, 2), (1, 1), False, True),
        "3x3-stride-1-counted": ((2, 16, 3, 4), (3, 3), (1, 1), (1, 1), False, True),
        "3x3-stride-2-up": ((2, 3, 6, 8), (3, 3), (2, 2), (0, 0), True, False),
        "3x3-stride-2-up-padded": ((2, 3, 6, 8), (3, 3), (2, 2), (1, 1), True, False),
        "3x3-stride-2-up-counted": ((2, 3, 6, 8), (3, 3), (2, 2), (1, 1), True, True),
        "3x3-stride-3-up-counted": ((2, 16, 6, 5), (3, 3), (3, 3), (1, 1), True, True),
        "asymmetric": ((2, 3, 6, 5), (3, 3), (2, 2), (0, 1, 2, 1), False, False),
        "asymmetric-counted": ((2, 3, 6, 5), (3, 3), (2, 2), (0, 1, 2, 1), False, True),
        "asymmetric-up-counted": ((2, 3, 6, 5), (3, 3), (2, 3), (2, 1, 0, 1), True, True),
        "stride-beyond-window": ((2, 3, 11, 8), (2, 1), (5, 3), (0, 0), False, False),
        "window-beyond-input": ((2, 16, 2, 3), (4, 5), (1, 2), (2, 1, 1, 2), False, False),
        "window-beyond-input-counted": ((2, 16, 2, 3), (4, 5), (1, 2), (2, 1, 1, 2), False, True),
        "dilated": ((2, 3, 7, 8), (3, 2), (2, 1), (0, 0), False, False, (2, 3)),
        "dilated-padded": ((2, 16, 6, 5), (2, 3), (1, 2), (1, 0, 1, 2), False, False, (3, 2)),
        "dilated-counted": ((2, 3, 6, 5), (2, 3), (1, 2), (1, 0, 1, 2), False, True, (3, 2)),
        "dilated-up-counted": ((2, 3, 6, 7), (2, 2), (2, 2), (1, 1, 1, 1), True, True, (2, 2)),
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


def windows(source, window, strides, dilation):
    """[N, C, H, W] to [N, C, H′, W′, elements of a window]: pooling in slow motion, for what PyTorch refuses."""
    for axis in (2, 3):
        size, stride, spread = window[axis - 2], strides[axis - 2], dilation[axis - 2]
        span = (size - 1) * spread + 1
        begins = torch.arange(0, source.shape[axis] - span + 1, stride)
        places = begins[:, None] + torch.arange(0, span, spread)
        source = source.index_select(axis, places.flatten()).unflatten(axis, places.shape).movedim(axis + 1, -1)
    return source.flatten(-2)


def overhang(shape, window, strides, pads, dilation):
    """How far a last window that begins within the input or the padding before it reaches beyond the padding."""
    amounts = []
    for axis, (length, size, stride, spread) in enumerate(zip(shape[2:], window, strides, dilation)):
        before, after = pads[2 * axis : 2 * axis + 2]
        span = (size - 1) * spread + 1
        steps = -(-(length + before + after - span) // stride)
        if steps * stride >= length + before:
            steps -= 1
        amounts.append(max(steps * stride + span - length - before - after, 0))
    return amounts


def pooled(source, kind, window, strides, pads, rounds_up, counts, dilation):
    top, bottom, left, right = pads
    extra = overhang(source.shape, window, strides, pads, dilation) if rounds_up else (0, 0)
    nothing = -torch.inf if kind == "MaxPooling2D" else 0.0

    def surrounded(tensor, inner, outer):
        tensor = torch.nn.functional.pad(tensor, (left, right, top, bottom), value=inner)
        return windows(
            torch.nn.functional.pad(tensor, (0, extra[1], 0, extra[0]), value=outer), window, strides, dilation)

    elements = surrounded(source, nothing, nothing)
    if kind == "MaxPooling2D":
        return elements.amax(-1)
    return elements.sum(-1) / surrounded(torch.ones_like(source), 1.0 if counts else 0.0, 0.0).sum(-1)


def by_torch(source, kind, window, strides, pads, rounds_up, counts, dilation):
    """PyTorch's own pooling, where it has the options; nil where it has not."""
    top, bottom, left, right = pads
    if (top, left) != (bottom, right) or 2 * top > window[0] or 2 * left > window[1]:
        return None
    if kind == "MaxPooling2D":
        return torch.nn.functional.max_pool2d(source, window, strides, (top, left), dilation, ceil_mode=rounds_up)
    if tuple(dilation) != (1, 1):
        return None
    return torch.nn.functional.avg_pool2d(
        source, window, strides, (top, left), ceil_mode=rounds_up, count_include_pad=counts)


def by_onnxruntime(source, kind, window, strides, pads, rounds_up, counts, dilation):
    top, bottom, left, right = pads
    more = {} if kind == "MaxPooling2D" else {"count_include_pad": int(counts)}
    node = onnx.helper.make_node(
        "MaxPool" if kind == "MaxPooling2D" else "AveragePool", ["x"], ["y"], kernel_shape=window, strides=strides,
        pads=[top, left, bottom, right], ceil_mode=int(rounds_up), dilations=dilation, **more)
    graph = onnx.helper.make_graph(
        [node], "pool", [onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, source.shape)],
        [onnx.helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, None)])
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 19)], ir_version=9)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {"x": source.numpy().astype(np.float32)})[0]


def add_torch_cases(family):
    """What Keras has no option for: rounding up, explicit padding, padding that counts, dilation."""
    for case, (shape, window, strides, pads, rounds_up, counts, *more) in TORCH_CASES[family.name].items():
        random = generator(family.name, case)
        dilation = more[0] if more else (1, 1)
        pads = pads if len(pads) == 4 else (pads[0], pads[0], pads[1], pads[1])
        is_maximum = family.name == "MaxPooling2D"
        source = distinct(random, *shape, low=-2.0, high=-1.0) if is_maximum else normal(random, *shape)
        settings = (family.name, window, strides, pads, rounds_up, counts, dilation)
        tensors = layers_torch.differentiate(lambda source: pooled(source, *settings), [source], random)
        for witness in (by_torch, by_onnxruntime):
            expected = witness(torch.tensor(source), *settings)
            if expected is not None:
                np.testing.assert_allclose(
                    tensors["output"], expected, rtol=2e-6, atol=1e-6, err_msg=f"{witness.__name__} {case}")
        options = {
            "pool": list(window), "strides": list(strides), "padding": "explicit", "pads": list(pads),
            "rounding": "up" if rounds_up else "down", "countsPadding": counts, "source": layers_torch.SOURCE,
        }
        family.add(case, options | ({"dilation": list(dilation)} if more else {}), **tensors)


def global_family(name):
    family = Family(name, SOURCE)
    for case, shape in GLOBAL_CASES.items():
        random = generator(name, case)
        layer = getattr(keras.layers, name)(dtype="float64")
        add_case(family, case, layer, distinct(random, *shape), {}, random)
    random = generator(name, "kept")
    layer = getattr(keras.layers, name)(keepdims=True, dtype="float64")
    add_case(family, "kept", layer, distinct(random, 2, 5, 3, 4), {"keepsDimensions": True}, random)
    return family


def families():
    return [
        local_family("MaxPooling2D"), local_family("AveragePooling2D"),
        global_family("GlobalMaxPooling2D"), global_family("GlobalAveragePooling2D"),
    ]
