"""Runs a function of PyTorch forward and backward in float64, for what Keras has no option for."""

import numpy as np
import torch

from layers_fixture import normal

SOURCE = f"torch {torch.__version__}, float64"


def differentiate(apply, sources, random):
    """The tensors of a case without parameters: `apply` of arrays in Graft's layout, with random gradients."""
    inputs = [torch.tensor(source, requires_grad=True) for source in sources]
    output = apply(*inputs)
    output_gradient = normal(random, *output.shape)
    output.backward(torch.tensor(output_gradient))
    names = [""] if len(inputs) == 1 else range(len(inputs))
    tensors = {"output": output.detach().numpy(), "outputGradient": output_gradient}
    for name, source in zip(names, inputs):
        tensors[f"input{name}"] = source.detach().numpy()
        tensors[f"inputGradient{name}"] = np.asarray(source.grad)
    return tensors
