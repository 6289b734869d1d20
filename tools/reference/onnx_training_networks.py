"""Networks of torchvision and timm for small images, with seeded random weights, no number of which decides by rounding where
a gradient goes."""

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

import networks_torch
from torchvision_networks import models

import timm

CLASSES = 10
# By the side of the images.
SIZES = {
    "resnet18": 64, "resnet50": 64, "resnext50_32x4d": 64, "alexnet": 96, "vgg11": 64, "vgg16": 64, "vgg11_bn": 64,
    "squeezenet1_1": 64, "mobilenet_v2": 64, "mobilenet_v3_small": 64, "mobilenet_v3_large": 64, "densenet121": 64,
    "inception_v3": 96, "googlenet": 64, "efficientnet_b0": 64, "shufflenet_v2_x1_0": 64, "mnasnet1_0": 64,
    "regnet_y_400mf": 64, "convnext_tiny": 64, "timm/efficientnet_lite0": 64,
    "timm/ghostnet_100": 64, "timm/seresnet50": 64,
}


def build(name, size, seed, images):
    torch.manual_seed(seed)
    if name.startswith("timm/"):
        network = timm.create_model(name.removeprefix("timm/"), pretrained=False, num_classes=CLASSES)
    else:
        options = {"init_weights": False, "aux_logits": False} if name in ("inception_v3", "googlenet") else {}
        network = getattr(models, name)(num_classes=CLASSES, **options)
    if name == "alexnet" or name.startswith("vgg"):
        spare_head(network, size)
    networks_torch.randomize(network, size, seed)
    distinguish(network)
    with KinkClearing():
        network(images)
    network.zero_grad()
    return network


def spare_head(network, size):
    """The classifier reads the last map as it is: exporters cannot enlarge it to 7 × 7, and 100 million numbers show no more."""
    network.avgpool = nn.Identity()
    for position, module in enumerate(network.classifier):
        if isinstance(module, nn.Linear):
            width = network.features(torch.zeros(1, 3, size, size)).numel() if module.in_features > 4096 else 256
            network.classifier[position] = nn.Linear(width, CLASSES if module.out_features == CLASSES else 256)


def distinguish(network):
    """Numbers that are all the same, zeros and ones, are drawn anew: tensors are told apart by their numbers."""
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.numel() > 1 and bool((parameter == parameter.flatten()[0]).all()):
                parameter += 0.2 * torch.rand_like(parameter) - 0.1


class KinkClearing(TorchFunctionMode):
    """Shifts biases, channel by channel, such that no number comes to lie near one where an activation has a kink.

    The bias is found by going back from the activation's input to the layers that it is of. See networks_kinks.py, which does
    the same in Keras.
    """

    KINKS = {"relu": (0,), "relu_": (0,), "relu6": (0, 6), "hardtanh": (0, 6), "hardswish": (-3, 3), "hardsigmoid": (-3, 3)}
    # How far a channel may be moved, in its standard deviations.
    REACH = 0.3

    def __torch_function__(self, function, types, arguments=(), options=None):
        kinks = self.KINKS.get(getattr(function, "__name__", ""))
        if kinks is None:
            return function(*arguments, **(options or {}))
        numbers, *others = arguments
        bias = bias_before(numbers.grad_fn, numbers.shape[1])
        if bias is not None:
            shifts = shifts_to_gaps(numbers.detach(), kinks, self.REACH)
            with torch.no_grad():
                bias += shifts
            numbers = numbers + shifts.reshape(1, -1, *[1] * (numbers.ndim - 2))
        return function(numbers, *others, **(options or {}))


def bias_before(step, channels):
    """The last parameter with a number for each channel that was added to, directly or before an addition."""
    for _ in range(3):
        feeds = [feed for feed, _ in step.next_functions if feed is not None] if step is not None else []
        parameters = [feed.variable for feed in feeds if hasattr(feed, "variable") and feed.variable.shape == (channels,)]
        if parameters:
            return parameters[-1]
        if "Add" not in type(step).__name__:
            return None
        step = next((feed for feed in feeds if "BatchNorm" in type(feed).__name__), None)
    return None


def shifts_to_gaps(numbers, kinks, reach):
    """For each channel, the shift within reach that leaves its numbers farthest from all kinks: one that brings the middle of a
    gap to a kink, or as far as may be to either side."""
    columns = numbers.transpose(0, 1).flatten(1)
    distances = torch.cat([columns - kink for kink in kinks], dim=1).sort(dim=1).values
    reach = reach * columns.std(dim=1, keepdim=True) + 1e-3
    middles, gaps = (distances[:, 1:] + distances[:, :-1]) / 2, distances.diff(dim=1) / 2
    margins = torch.cat([torch.where(middles.abs() <= reach, gaps, -1.0),
                         *((distances + side).abs().amin(dim=1, keepdim=True) for side in (reach, -reach))], dim=1)
    shifts = torch.cat([-middles, reach, -reach], dim=1)
    return shifts.gather(1, margins.argmax(dim=1, keepdim=True))[:, 0]
