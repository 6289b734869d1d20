"""PyTorch: forward passes or training steps of one network."""

import contextlib

import torch
from torch._inductor import config as compiler

import timing
import torch_networks


def main():
    options = timing.options(__doc__)
    torch.set_num_threads(options.threads)
    model = torch_networks.network(options.network)
    count = torch_networks.parameters(model)
    torch_networks.train_only(model, options.scope)
    size = timing.SIZES[options.network]
    images = torch.randn(options.batch, 3, size, size).to(memory_format=torch.channels_last)
    make = forward if options.scope == "forward" else training
    timing.report(make(model, images, options), options, parameters=count)


def precision(options):
    enabled = options.precision == "bf16"
    return torch.autocast("cpu", dtype=torch.bfloat16) if enabled else contextlib.nullcontext()


def forward(model, images, options):
    if options.compiled:
        # Without gradients the compiler may fold normalisations and lay kernels out beforehand.
        compiler.freezing = True
        model = torch.compile(model)

    def step():
        with torch.inference_mode(), precision(options):
            model(images)

    return step


def training(model, images, options):
    labels = torch.randint(0, timing.CLASSES, (options.batch,))
    trained = [tensor for tensor in model.parameters() if tensor.requires_grad]
    optimizer = torch.optim.SGD(trained, lr=timing.LEARNING_RATE, momentum=timing.MOMENTUM)
    model = torch.compile(model) if options.compiled else model

    def step():
        optimizer.zero_grad()
        with precision(options):
            loss = torch.nn.functional.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()

    return step


if __name__ == "__main__":
    main()
