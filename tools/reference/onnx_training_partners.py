"""PyTorch's gradients by tensor, folded and as they are, and which tensor of an imported file is which.

With s = γ/√(σ² + ε), a convolution with its normalisation folded in has the kernel W·s and the bias β + (b − μ)·s, and their
gradients are dL/dW / s and dL/dβ: in the folded network β is the bias but for a constant, and a change of W·s by δ is one of W
by δ/s.
"""

from dataclasses import dataclass
from typing import Callable

import numpy as np
import torch
from torch import nn

# A folded number is rounded once more, in float32, and in an order that differs between exporters.
SAME = 1e-5


@dataclass(frozen=True)
class Reference:
    """`parts` are the network's own parameters that this tensor stands for."""

    value: np.ndarray
    gradient: np.ndarray
    parts: tuple
    is_folded: bool = False


@dataclass(frozen=True)
class Matching:
    """`pairs`: {name in Graft: (key of the reference, what brings the reference into Graft's shape)}."""

    pairs: dict
    unmatched: tuple


def gradients(network, images, labels, kind):
    """({key: Reference}, logits) of a network in evaluation with the cross-entropy of a batch."""
    network = network.to(kind)
    network.zero_grad()
    pairs, handles = normalized(network)
    logits = network(torch.from_numpy(images).to(kind))
    for handle in handles:
        handle.remove()
    nn.functional.cross_entropy(logits, torch.from_numpy(labels)).backward()
    references = {name: Reference(numbers(parameter), numbers(parameter.grad), (name,))
                  for name, parameter in network.named_parameters() if parameter.grad is not None}
    if len(references) < len(list(network.parameters())):
        raise RuntimeError("PyTorch has parameters that the loss does not depend on")
    names = {module: name for name, module in network.named_modules()}
    for convolution, normalization in pairs:
        references |= folded(convolution, names[convolution], normalization, names[normalization])
    return references, numbers(logits)


def normalized(network):
    """A list that the forward pass fills with (convolution, the normalisation that reads it), and the hooks that do so."""
    sources, pairs = [], []

    def after(module, inputs, output):
        if isinstance(module, nn.Conv2d):
            sources.append((output, module))  # the output is kept, so that no other tensor can come to be at its place
            return
        pairs.extend((convolution, module) for result, convolution in sources if result is inputs[0])

    return pairs, [module.register_forward_hook(after) for module in network.modules()
                   if isinstance(module, (nn.Conv2d, nn.BatchNorm2d))]


def folded(convolution, name, normalization, normalization_name):
    scale = numbers(normalization.weight) / np.sqrt(numbers(normalization.running_var) + normalization.eps)
    kernel = scale.reshape(-1, 1, 1, 1)
    bias = 0 if convolution.bias is None else numbers(convolution.bias)
    bias_parts = (f"{normalization_name}.bias",) if convolution.bias is None else (f"{normalization_name}.bias", f"{name}.bias")
    return {
        f"{name}.weight · {normalization_name}": Reference(
            numbers(convolution.weight) * kernel, numbers(convolution.weight.grad) / kernel,
            (f"{name}.weight", f"{normalization_name}.weight"), is_folded=True),
        f"{name}.bias · {normalization_name}": Reference(
            numbers(normalization.bias) + (bias - numbers(normalization.running_mean)) * scale,
            numbers(normalization.bias.grad), bias_parts, is_folded=True),
    }


def numbers(tensor):
    return tensor.detach().double().numpy()


def match(found, references):
    """Pairs tensors of equal numbers. Without partner is what Graft trains and PyTorch does not have, and the other way round."""
    pairs, used, unmatched = {}, set(), []
    by_count = {}
    for key, reference in references.items():
        by_count.setdefault(reference.value.size, []).append(key)
    for name, value in found.items():
        for key in by_count.get(value.size, ()):
            arranged = None if key in used else arrangement(value, references[key].value)
            if arranged:
                pairs[name] = (key, arranged)
                used.add(key)
                break
        else:
            unmatched.append(f"{name} of the file")
    covered = {part for key in used for part in references[key].parts}
    unmatched += [f"{key} of PyTorch" for key, reference in references.items()
                  if not reference.is_folded and key not in covered]
    return Matching(pairs, tuple(unmatched))


def arrangement(found, reference) -> Callable | None:
    """What brings the reference into the shape of `found` such that both are the same numbers; None where nothing does."""
    candidates = [lambda array: array.reshape(found.shape)]
    if reference.ndim == 2:
        candidates.append(lambda array: array.T.reshape(found.shape))
    tolerance = SAME * np.abs(reference).max()
    for candidate in candidates:
        if np.abs(found - candidate(reference)).max() <= tolerance:
            return candidate
    return None
