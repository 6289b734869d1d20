"""Recomputes every golden fixture with PyTorch from its input, parameters and options alone, and compares.

    .venv-reference/bin/python tools/reference/layers_crosscheck.py [FOLDER]

So the numbers have two witnesses, and the options in the metadata are known to suffice to make them.
"""

import json
import sys
from pathlib import Path

import torch
import torch.nn.functional as functional
from safetensors import safe_open

from layers_fixture import FIXTURES

# Both witnesses compute in float64 and only the fixture is rounded to float32.
TOLERANCE = 3e-7


def activated(output, options):
    if options.get("activation") == "relu":
        return functional.relu(output)
    if options.get("activation") == "softmax":
        return functional.softmax(output, dim=1)
    return output


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


def maximum(tensors, options):
    return functional.max_pool2d(padded(tensors["input"], options, -torch.inf), options["pool"], options["strides"])


def average(tensors, options):
    def pooled(source):
        return functional.avg_pool2d(padded(source, options), options["pool"], options["strides"])

    return pooled(tensors["input"]) / pooled(torch.ones_like(tensors["input"]))


FORWARD = {
    "Conv2D": conv2d,
    "Dense": dense,
    "MaxPooling2D": maximum,
    "AveragePooling2D": average,
    "GlobalMaxPooling2D": lambda tensors, options: tensors["input"].amax(dim=(2, 3)),
    "GlobalAveragePooling2D": lambda tensors, options: tensors["input"].mean(dim=(2, 3)),
    "Concatenate": lambda tensors, options: torch.cat(
        [tensors[f"input{index}"] for index in range(options["inputs"])], dim=options["axis"]),
    "Activation": lambda tensors, options: activated(tensors["input"], options),
    "ZeroPadding2D": lambda tensors, options: padded(tensors["input"], options),
    "Flatten": lambda tensors, options: flattened(tensors["input"], options),
}
GRADIENTS = {"input": "inputGradient", "kernel": "kernelGradient", "bias": "biasGradient"} | {
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
