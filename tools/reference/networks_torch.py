"""PyTorch's networks with seeded random weights under which numbers keep a sensible size, and the ResNets for CIFAR."""

import numpy as np
import torch
from torch import nn

from torchvision_networks import models  # before timm, which imports torchvision too

import timm  # noqa: E402

LOGIT_SCALE = 2.0


def of_torchvision(name):
    options = {"aux_logits": True, "transform_input": False} if name == "inception_v3" else {}
    return getattr(models, name)(weights=None, **options)


def of_timm(name):
    return timm.create_model(name, pretrained=False)


class CIFARBlock(nn.Module):
    """Two 3x3 convolutions; where the map gets smaller, the input is thinned out and padded with channels of zeros."""

    def __init__(self, channels, filters):
        super().__init__()
        self.stride, self.added = (1, 0) if channels == filters else (2, (filters - channels) // 2)
        self.conv1 = nn.Conv2d(channels, filters, 3, self.stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(filters)
        self.conv2 = nn.Conv2d(filters, filters, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(filters)

    def forward(self, images):
        shortcut = images[:, :, :: self.stride, :: self.stride]
        shortcut = nn.functional.pad(shortcut, (0, 0, 0, 0, self.added, self.added))
        inner = torch.relu(self.bn1(self.conv1(images)))
        return torch.relu(self.bn2(self.conv2(inner)) + shortcut)


class CIFARResNet(nn.Module):
    """He et al., arXiv:1512.03385, section 4.2, with the module names of akamaster/pytorch_resnet_cifar10."""

    def __init__(self, layers, classes=10):
        super().__init__()
        blocks = (layers - 2) // 6
        self.conv1, self.bn1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16)
        self.layer1, self.layer2, self.layer3 = (
            nn.Sequential(*(CIFARBlock(first if block == 0 else filters, filters) for block in range(blocks)))
            for first, filters in ((16, 16), (16, 32), (32, 64)))
        self.linear = nn.Linear(64, classes)

    def forward(self, images):
        maps = self.layer3(self.layer2(self.layer1(torch.relu(self.bn1(self.conv1(images))))))
        return self.linear(maps.mean((2, 3)))


def has_third(model):
    """Whether the blocks of a ResNet are bottlenecks."""
    return any(name.endswith(".bn3") for name, _ in model.named_modules())


def randomize(model, size, seed):
    """Random weights, each normalisation's statistics those of a random batch that passes through, and its scale and shift
    random. Logits have a deviation of LOGIT_SCALE, so that no probability saturates.

    They are such that float32 suffices: without the zero sums, the small branches and the positive shifts, PyTorch's own logits of
    a ResNet-101 or an Inception-v3 differ from those in float64 by 4e-5 of the largest, with them by 1e-6."""
    torch.manual_seed(seed)
    normalizations = [module for module in model.modules() if isinstance(module, nn.BatchNorm2d)]
    for module in model.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            nn.init.kaiming_normal_(module.weight)
            if isinstance(module, nn.Conv2d) and module.bias is None:
                # A filter that sums to zero passes on what varies: what is common to all inputs would only be subtracted again by
                # the normalisation, and leave the rounding errors of large numbers. Trained networks have no such layers either.
                with torch.no_grad():
                    module.weight -= module.weight.mean((1, 2, 3), keepdim=True)
            if module.bias is not None:
                nn.init.normal_(module.bias, std=0.05)
    for name, normalization in model.named_modules():
        if not isinstance(normalization, nn.BatchNorm2d):
            continue
        # Where a block's branch is added to its input, as small as training leaves it.
        ends_branch = name.startswith("layer") and name.endswith(".bn2" if not has_third(model) else ".bn3")
        nn.init.uniform_(normalization.weight, *((0.1, 0.2) if ends_branch else (0.5, 1.5)))
        nn.init.normal_(normalization.bias, mean=1.0, std=0.3)
        normalization.momentum = 1.0
    model.train()
    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, nn.Dropout):
                module.eval()
        if normalizations:
            model(torch.randn(4, 3, size, size))
    for normalization in normalizations:
        normalization.momentum = 0.1
    scale_logits(model.eval(), size)
    return model


def scale_logits(model, size):
    """Scales the last layer with weights. ReLU and pooling, which alone may follow it, scale with it."""
    last = [module for module in model.modules() if isinstance(module, (nn.Conv2d, nn.Linear))][-1]
    with torch.no_grad():
        scale = LOGIT_SCALE / model(torch.randn(2, 3, size, size)).std()
        for parameter in last.parameters():
            parameter *= scale


def outputs(model, source, module):
    """The logits and what a module gives, [N, ...] with channels last, for images in the same layout."""
    kept = []
    handle = model.get_submodule(module).register_forward_hook(lambda _, __, result: kept.append(result))
    with torch.no_grad():
        logits = model(torch.from_numpy(np.ascontiguousarray(source.transpose(0, 3, 1, 2))))
    handle.remove()
    return logits.numpy(), kept[0].numpy().transpose(0, 2, 3, 1)
