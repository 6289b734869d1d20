"""Every activation by PyTorch, from the options that a golden case has for it."""

import torch
import torch.nn.functional as functional


def apply_function(source, function):
    if isinstance(function, str):
        return WITHOUT_OPTIONS[function](source)
    return WITH_OPTIONS[function["function"]](source, function)


def general_relu(source, options):
    threshold, slope = options["threshold"], options["negativeSlope"]
    output = torch.where(source > threshold, source, slope * (source - threshold))
    return output.clamp(max=options["maxValue"]) if "maxValue" in options else output


WITHOUT_OPTIONS = {
    "linear": lambda source: source,
    "relu": functional.relu,
    "relu6": functional.relu6,
    "selu": functional.selu,
    "gelu": functional.gelu,
    "gelu_tanh": lambda source: functional.gelu(source, approximate="tanh"),
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "softplus": functional.softplus,
    "softsign": functional.softsign,
    "silu": functional.silu,
    "hard_silu": functional.hardswish,
    "exponential": torch.exp,
    "softmax": lambda source: functional.softmax(source, dim=1),
    "mish": lambda source: source * torch.tanh(torch.logaddexp(source, torch.zeros_like(source))),
    "log_sigmoid": lambda source: -torch.logaddexp(-source, torch.zeros_like(source)),
    "tanh_shrink": lambda source: source - torch.tanh(source),
    "abs": lambda source: torch.where(source > 0, source, -source),
    "sqrt": lambda source: source.pow(0.5),
    "square": lambda source: source * source,
    "log": torch.log,
    "log_softmax": lambda source: functional.log_softmax(source, dim=1),
}
WITH_OPTIONS = {
    "relu": general_relu,
    "leaky_relu": lambda source, options: functional.leaky_relu(source, options["slope"]),
    "elu": lambda source, options: functional.elu(source, options["alpha"]),
    "hard_sigmoid": lambda source, options: (options["slope"] * source + options["offset"]).clamp(0, 1),
    "thresholded_relu": lambda source, options: torch.where(source > options["theta"], source, 0.0),
    "clip": lambda source, options: torch.where(
        source < options["min"], options["min"], torch.where(source > options["max"], options["max"], source)),
    "celu": lambda source, options: torch.where(
        source > 0, source, options["alpha"] * torch.expm1(source.clamp(max=0) / options["alpha"])),
    "hard_shrink": lambda source, options: torch.where(source.abs() > options["lambda"], source, 0.0),
    "soft_shrink": lambda source, options: torch.relu(source - options["lambda"]) - torch.relu(
        -source - options["lambda"]),
    "power": lambda source, options: source.pow(options["exponent"]),
}
