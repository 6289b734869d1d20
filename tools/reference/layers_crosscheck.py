"""Recomputes every golden fixture with PyTorch from its input, parameters and options alone, and compares.

    .venv-reference/bin/python tools/reference/layers_crosscheck.py [FOLDER]

So the numbers have two witnesses, and the options in the metadata are known to suffice to make them. Resize has its
second, ONNX Runtime, where it is made.
"""

import json
import sys
from pathlib import Path

import torch
import torch.nn.functional as functional
from safetensors import safe_open

from layers_crosscheck_functions import apply_function
from layers_fixture import FIXTURES

# Both witnesses compute in float64 and only the fixture is rounded to float32.
TOLERANCE = 3e-7


def activated(output, options):
    return apply_function(output, options.get("activation", "linear"))


def padded(source, options, value=0.0):
    top, bottom, left, right = options["pads"]
    return functional.pad(source, (left, right, top, bottom), value=value)


def flattened(source, options):
    return (source.permute(0, 2, 3, 1) if options.get("flattenOrder") == "HWC" else source).flatten(1)


def conv2d(tensors, options):
    return activated(functional.conv2d(
        padded(tensors["input"], options), tensors["kernel"], tensors.get("bias"), stride=options["strides"],
        dilation=options["dilation"], groups=options["groups"]), options)


def dense(tensors, options):
    return activated(functional.linear(flattened(tensors["input"], options), tensors["kernel"], tensors.get("bias")),
                     options)


def dilation(options):
    return options.get("dilation", [1, 1])


def maximum(tensors, options):
    source = overhanging(padded(tensors["input"], options, -torch.inf), options, -torch.inf)
    return functional.max_pool2d(source, options["pool"], options["strides"], dilation=dilation(options))


def overhanging(source, options, value=0.0):
    """Rounded up: as much more at the bottom and right as the last window needs, if it begins before the padding there."""
    if options.get("rounding") != "up":
        return source
    more = []
    for axis, before in ((3, options["pads"][2]), (2, options["pads"][0])):
        size = (options["pool"][axis - 2] - 1) * dilation(options)[axis - 2] + 1
        stride = options["strides"][axis - 2]
        length = source.shape[axis]
        after = options["pads"][axis * 2 - 3]
        steps = -(-(length - size) // stride)
        if steps * stride >= length - after:
            steps -= 1
        more += [0, max(steps * stride + size - length, 0)]
    return functional.pad(source, more, value=value)


def average(tensors, options):
    source = tensors["input"]
    window = torch.ones(source.shape[1], 1, *options["pool"], dtype=source.dtype)

    def summed(source):
        return functional.conv2d(
            source, window, stride=options["strides"], dilation=dilation(options), groups=source.shape[1])

    if options["countsPadding"]:
        counted = overhanging(torch.ones_like(padded(source, options)), options)
    else:
        counted = overhanging(padded(torch.ones_like(source), options), options)
    return summed(overhanging(padded(source, options), options)) / summed(counted)


def separable(tensors, options):
    kernel = tensors["depthwiseKernel"]
    bias = tensors.get("bias")
    is_separable = "pointwiseKernel" in tensors
    output = functional.conv2d(
        padded(tensors["input"], options), kernel, None if is_separable else bias, stride=options["strides"],
        dilation=options["dilation"], groups=tensors["input"].shape[1])
    if is_separable:
        output = functional.conv2d(output, tensors["pointwiseKernel"], bias)
    return activated(output, options)


def channelwise(vector, source):
    return vector.reshape(1, -1, *[1] * (source.dim() - 2))


def batch_normalization(tensors, options):
    source = tensors["input"]
    mean, variance = tensors["movingMean"], tensors["movingVariance"]
    if options["statistics"] == "batch":
        axes = [axis for axis in range(source.dim()) if axis != 1]
        mean, variance = source.mean(axes), source.var(axes, unbiased=False)
    output = (source - channelwise(mean, source)) / channelwise(variance + options["epsilon"], source).sqrt()
    if "gamma" in tensors:
        output = output * channelwise(tensors["gamma"], source)
    if "beta" in tensors:
        output = output + channelwise(tensors["beta"], source)
    return output


def normalization(tensors, options):
    source = tensors["input"]
    mean, variance = (torch.tensor(options[name]).double() for name in ("means", "variances"))
    return (source - channelwise(mean, source)) / channelwise(variance, source).sqrt()


def local_response_normalization(tensors, options):
    source, reach = tensors["input"], options["size"] // 2
    squares = functional.pad(source**2, (0, 0, 0, 0, reach, reach))
    total = sum(squares[:, start : start + source.shape[1]] for start in range(options["size"]))
    return source / (options["lrnBias"] + options["lrnAlpha"] / options["size"] * total) ** options["beta"]


def arithmetic(tensors, options):
    sources = [tensors[f"input{index}"] for index in range(options["inputs"])]
    rank = max(source.dim() for source in sources)
    result, *others = [source.reshape(*source.shape, *[1] * (rank - source.dim())) for source in sources]
    for other in others:
        match options["operation"]:
            case "Add" | "Average":
                result = result + other
            case "Subtract":
                result = result - other
            case "Multiply":
                result = result * other
            case "Divide":
                result = result / other
            case "Maximum":
                result = torch.maximum(result, other)
            case "Minimum":
                result = torch.minimum(result, other)
    return result / len(sources) if options["operation"] == "Average" else result


def reshaped(tensors, options):
    source = tensors["input"]
    if options["flattenOrder"] == "CHW":
        return source.reshape(-1, *options["shape"])
    channels, *others = options["shape"]
    return source.movedim(1, -1).reshape(-1, *others, channels).movedim(-1, 1)


def sliced(tensors, options):
    elements = torch.arange(options["begin"], options["end"], options["step"])
    return tensors["input"].index_select(options["axis"], elements)


def surrounded(tensors, options):
    source = tensors["input"]
    for axis, (before, after) in enumerate(zip(options["before"], options["after"]), start=1):
        length = source.shape[axis]
        match options["padding"]:
            case "reflect":
                parts = [source.narrow(axis, 1, before).flip(axis), source,
                         source.narrow(axis, length - 1 - after, after).flip(axis)]
            case "edge":
                parts = [*[source.narrow(axis, 0, 1)] * before, source, *[source.narrow(axis, length - 1, 1)] * after]
            case "constant":
                def filled(count):
                    shape = list(source.shape)
                    shape[axis] = count
                    return torch.full(shape, options["offset"], dtype=source.dtype)

                parts = [filled(before), source, filled(after)]
        source = torch.cat(parts, axis)
    return source


def reduced(tensors, options):
    source = tensors["input"]
    rank = source.dim()
    kept = [axis for axis in range(rank) if axis - 1 not in options["axes"]]
    rows = source.permute(*kept, *[axis + 1 for axis in options["axes"]]).flatten(len(kept))
    match options["operation"]:
        case "sum":
            result = rows.sum(-1)
        case "mean":
            result = rows.sum(-1) / rows.shape[-1]
        case "max":
            result = rows.max(-1).values
        case "min":
            result = rows.min(-1).values
    if options["keepsDimensions"]:
        result = result.reshape([source.shape[axis] if axis in kept else 1 for axis in range(rank)])
    return result


def drawn_together(result, options):
    return result[:, :, None, None] if options.get("keepsDimensions") else result


def cropped(tensors, options):
    top, bottom, left, right = options["pads"]
    height, width = tensors["input"].shape[2:]
    return tensors["input"][:, :, top : height - bottom, left : width - right]


def enlarged(tensors, options):
    more = {"align_corners": False} if options["interpolation"] == "bilinear" else {}
    return functional.interpolate(
        tensors["input"], scale_factor=tuple(options["factors"]), mode=options["interpolation"], **more)


FORWARD = {
    "Conv2D": conv2d,
    "Dense": dense,
    "MaxPooling2D": maximum,
    "AveragePooling2D": average,
    "GlobalMaxPooling2D": lambda tensors, options: drawn_together(tensors["input"].amax(dim=(2, 3)), options),
    "GlobalAveragePooling2D": lambda tensors, options: drawn_together(tensors["input"].mean(dim=(2, 3)), options),
    "Concatenate": lambda tensors, options: torch.cat(
        [tensors[f"input{index}"] for index in range(options["inputs"])], dim=options["axis"]),
    "Activation": lambda tensors, options: activated(tensors["input"], options),
    "ZeroPadding2D": lambda tensors, options: padded(tensors["input"], options),
    "Flatten": lambda tensors, options: flattened(tensors["input"], options),
    "PReLU": lambda tensors, options: torch.where(
        tensors["input"] > 0, tensors["input"], tensors["alpha"] * tensors["input"]),
    "DepthwiseConv2D": separable,
    "SeparableConv2D": separable,
    "BatchNormalization": batch_normalization,
    "Normalization": normalization,
    "LocalResponseNormalization": local_response_normalization,
    "UnitNormalization": lambda tensors, options: functional.normalize(tensors["input"], dim=1),
    "UnitDense": lambda tensors, options: options["factor"] * functional.linear(
        tensors["input"], tensors["kernel"] / tensors["kernel"].norm(dim=1, keepdim=True)),
    "Arithmetic": arithmetic,
    "Reshape": reshaped,
    "Permute": lambda tensors, options: tensors["input"].permute(0, *[axis + 1 for axis in options["axes"]]),
    "Cropping2D": cropped,
    "StridedSlice2D": lambda tensors, options: tensors["input"][
        :, :, :: options["strides"][0], :: options["strides"][1]],
    "ChannelPadding": lambda tensors, options: functional.pad(tensors["input"], (0, 0, 0, 0, *options["pads"])),
    "Slice": sliced,
    "Pad": surrounded,
    "Reduction": reduced,
    "UpSampling2D": enlarged,
    "Rescaling": lambda tensors, options: tensors["input"] * options["factor"] + options["offset"],
}
TRAINABLE = ("kernel", "bias", "depthwiseKernel", "pointwiseKernel", "gamma", "beta", "alpha")
GRADIENTS = {"input": "inputGradient"} | {role: f"{role}Gradient" for role in TRAINABLE} | {
    f"input{index}": f"inputGradient{index}" for index in range(3)}


def difference(found, expected):
    """The largest difference over the largest magnitude; infinite when the shapes differ."""
    if found.shape != expected.shape:
        return float("inf")
    return float((found - expected).abs().max() / expected.abs().max().clamp_min(1e-30))


def case_differences(family, tensors, options):
    sources = {role: tensors[role].requires_grad_() for role in GRADIENTS if role in tensors}
    output = FORWARD[family](tensors, options)
    yield "output", difference(output.detach(), tensors["output"])
    output.backward(tensors["outputGradient"])
    for role, source in sources.items():
        yield GRADIENTS[role], difference(source.grad, tensors[GRADIENTS[role]])


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FIXTURES
    failures = compared = 0
    for family in FORWARD:
        with safe_open(folder / f"{family}.safetensors", "pt") as file:
            names = list(file.keys())
            worst = 0.0
            for case, options in file.metadata().items():
                if case == "source":
                    continue
                tensors = {name.removeprefix(case + "/"): file.get_tensor(name).double()
                           for name in names if name.startswith(case + "/")}
                for role, value in case_differences(family, tensors, json.loads(options)):
                    compared += 1
                    worst = max(worst, value)
                    if value > TOLERANCE:
                        failures += 1
                        print(f"{family}/{case}/{role}: differs by {value:.1e} of the largest magnitude")
        print(f"{family}: {worst:.1e}")
    print(f"{compared} tensors compared, {failures} differ by more than {TOLERANCE:.0e}")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
