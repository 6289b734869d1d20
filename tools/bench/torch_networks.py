"""The networks of keras.applications in PyTorch, with global average pooling and a dense layer of ten on top."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent.parent / "reference"))

import torchvision_networks  # noqa: F401 (before torchvision, which may not know this build of torch)

import torch
import torchvision
from torch import nn

from timing import CLASSES


def network(name, classes=CLASSES):
    """Random weights; in the layout that PyTorch's convolutions are fastest in."""
    return BUILDERS[name](classes).to(memory_format=torch.channels_last)


def resnet50(classes):
    """Keras's ResNet-50 is the paper's: a block's first convolution strides, where torchvision's second does ("v1.5",
    5 % more arithmetic), and convolutions have biases."""
    model = torchvision.models.resnet50(weights=None, num_classes=classes)
    for module in model.modules():
        if isinstance(module, torchvision.models.resnet.Bottleneck):
            module.conv1.stride, module.conv2.stride = module.conv2.stride, module.conv1.stride
        if isinstance(module, nn.Conv2d):
            module.bias = nn.Parameter(torch.zeros(module.out_channels))
        if isinstance(module, nn.BatchNorm2d):
            module.eps = 1.001e-5
    return model


def vgg16(classes):
    """The trunk, without the three dense layers."""
    trunk = torchvision.models.vgg16(weights=None).features
    return nn.Sequential(trunk, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, classes))


def inceptionv3(classes):
    """Normalisations have a gamma here, and none in Keras. Neither the second classifier nor its dropout."""
    model = torchvision.models.inception_v3(
        weights=None, aux_logits=False, transform_input=False, init_weights=False, num_classes=classes)
    model.dropout = nn.Identity()
    return model


def xception(classes):
    import timm  # only here: it takes its time to load

    return timm.create_model("legacy_xception", pretrained=False, num_classes=classes)


BUILDERS = {"resnet50": resnet50, "vgg16": vgg16, "inceptionv3": inceptionv3, "xception": xception}


def head(model):
    """The dense layer on top."""
    return [module for module in model.modules() if isinstance(module, nn.Linear)][-1]


def train_only(model, scope):
    """Freezes what `scope` does not train; normalisations use the batch's statistics where they train, only there."""
    if scope == "all":
        model.train()
        return model
    model.eval().requires_grad_(False)
    if scope == "forward":
        return model
    head(model).requires_grad_(True)
    if scope == "last":
        model.layer4.train().requires_grad_(True)
    return model


def parameters(model):
    """How many numbers train when everything does: moving statistics are none of them."""
    return sum(tensor.numel() for tensor in model.parameters())
