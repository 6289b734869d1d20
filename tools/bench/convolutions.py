"""Lists the convolutions that PyTorch's network runs, in the form that limit.cpp reads."""

import argparse
import json

import torch

import timing
import torch_networks


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--network", choices=timing.SIZES, required=True)
    parser.add_argument("--scope", choices=timing.SCOPES, required=True)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    model = torch_networks.train_only(torch_networks.network(options.network), options.scope)
    size = timing.SIZES[options.network]
    lines = convolutions(model, torch.zeros(2, 3, size, size))
    with open(options.out, "w") as file:
        file.writelines(" ".join(map(str, line)) + "\n" for line in lines)
    print(json.dumps({"convolutions": len(lines)}))


def convolutions(model, images):
    """One tuple for each convolution as they run: sizes, and which gradients a training step computes."""
    lines = []

    def note(module, inputs, _):
        source = inputs[0]
        # A frozen prefix needs no gradients, and its successor none of its input.
        gradients = 0 if not module.weight.requires_grad else 2 if source.requires_grad else 1
        lines.append((module.in_channels, module.out_channels, source.shape[2], source.shape[3], *module.kernel_size,
                      module.stride[0], *module.padding, module.groups, gradients))

    for module in model.modules():
        if isinstance(module, torch.nn.Conv2d):
            module.register_forward_hook(note)
    model(images)
    return lines


if __name__ == "__main__":
    main()
