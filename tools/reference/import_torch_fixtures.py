"""Writes Tests/GraftImportTests/Fixtures/torch: names and shapes of torchvision's and timm's networks, logits of networks whose numbers
are drawn by a rule that Swift's tests know too, logits of published files, and a tiny network in three files."""

import json
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn

import networks_torch

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "Tests" / "GraftImportTests" / "Fixtures" / "torch"
SHARED = ROOT.parent / "shared" / "weights"
CLASSES = 10


def drawn(name, shape):
    """-0.5…0.5: Knuth's multiplicative hash of the index, begun at the Fowler-Noll-Vo hash of the name."""
    start = 0x811C9DC5
    for byte in name.encode():
        start = (start ^ byte) * 0x01000193 % 2**32
    count = int(np.prod(shape))
    hashed = (np.arange(1, count + 1, dtype=np.uint64) * 2654435761 + start) % 2**32
    return (hashed / 2**32 - 0.5).reshape(shape)


def number_rule(name, tensor):
    """What a tensor of a state dictionary holds, by the last part of its name and its rank."""
    numbers = drawn(name, tensor.shape)
    if tensor.dim() > 1:
        numbers = numbers * np.sqrt(24 / np.prod(tensor.shape[1:]))
    elif name.endswith("running_var") or name.endswith("weight"):
        numbers = 1 + 0.5 * numbers
    else:
        numbers = 0.2 * numbers
    return torch.from_numpy(numbers.astype(np.float32))


def ruled(model):
    model.load_state_dict({name: tensor if name.endswith("num_batches_tracked") else number_rule(name, tensor)
                           for name, tensor in model.state_dict().items()})
    return model.eval()


def logits(model, size):
    images = torch.from_numpy((4 * drawn("images", (1, 3, size, size))).astype(np.float32))
    with torch.no_grad():
        return [float(number) for number in model(images)[0]]


def of_torchvision(name):
    options = {"aux_logits": False, "init_weights": False, "transform_input": False} if name == "inception_v3" else {}
    return networks_torch.models.get_model(name, weights=None, num_classes=CLASSES, **options)


def golden():
    """{architecture: [image size, logits]}"""
    networks = [
        ("resnet20-cifar", networks_torch.CIFARResNet(20), 32),
        ("resnet20-cifar", networks_torch.CIFARResNet(20), 24),
        ("squeezenet-torchvision", of_torchvision("squeezenet1_1"), 70),
        ("mobilenetv2-torchvision", of_torchvision("mobilenet_v2"), 71),
        ("inceptionv3-torchvision", of_torchvision("inception_v3"), 75),
        ("resnet18-torchvision", of_torchvision("resnet18"), 61),
    ]
    return [[name, size, logits(ruled(model), size)] for name, model, size in networks]


def shapes(model):
    return [f"{name} {list(tensor.shape)}" for name, tensor in model.state_dict().items() if "num_batches" not in name]


def dictionaries():
    tv, timm = networks_torch.of_torchvision, networks_torch.of_timm
    return {
        "torchvision/resnet18": shapes(tv("resnet18")), "torchvision/resnet50": shapes(tv("resnet50")),
        "torchvision/squeezenet1_1": shapes(tv("squeezenet1_1")), "torchvision/mobilenet_v2": shapes(tv("mobilenet_v2")),
        "torchvision/inception_v3": shapes(tv("inception_v3")),
        "torchvision/vgg16": [row for row in shapes(tv("vgg16")) if row.startswith("features")],
        "timm/mobilenetv2_100": shapes(timm("mobilenetv2_100")), "timm/inception_v3": shapes(timm("inception_v3")),
        "timm/resnet18": shapes(timm("resnet18")), "cifar/resnet20": shapes(networks_torch.CIFARResNet(20)),
        # Of no network that Graft knows, however alike.
        "timm/resnet18d": shapes(timm("resnet18d")), "timm/seresnet18": shapes(timm("seresnet18")),
        "timm/resnet26": shapes(timm("resnet26")), "torchvision/squeezenet1_0": shapes(tv("squeezenet1_0")),
        "timm/mobilenetv2_050": shapes(timm("mobilenetv2_050")), "timm/efficientnet_b0": shapes(timm("efficientnet_b0")),
    }


class Tiny(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 4, 3, bias=False), nn.BatchNorm2d(4)
        self.fc = nn.Linear(4 * 3 * 3, 5)

    def forward(self, images):
        maps = torch.max_pool2d(torch.relu(self.bn1(self.conv1(images))), 2)
        return self.fc(maps.flatten(1))


def tiny():
    model = ruled(Tiny())
    state = model.state_dict()
    torch.save({"epoch": 2, "state_dict": {f"module.{name}": tensor for name, tensor in state.items()}}, FOLDER / "tiny.pth")
    torch.save(state, FOLDER / "tiny-legacy.pth", _use_new_zipfile_serialization=False)
    save_file(state, FOLDER / "tiny.safetensors")
    torch.save({name: tensor.to(torch.int8) for name, tensor in state.items()}, FOLDER / "tiny-int8.pth")
    return ["tiny", 8, logits(model, 8)]


def published():
    rows = []
    for layers, name in ((20, "resnet20-12fca82f.th"), (56, "resnet56-4bfd9763.th")):
        model = networks_torch.CIFARResNet(layers)
        state = torch.load(SHARED / name, map_location="cpu", weights_only=False)["state_dict"]
        model.load_state_dict({key.removeprefix("module."): tensor for key, tensor in state.items()})
        rows.append([name, 32, logits(model.eval(), 32)])
    return rows


def write(name, rows):
    (FOLDER / name).write_text("[\n" + ",\n".join(map(json.dumps, rows)) + "\n]\n")


def main():
    FOLDER.mkdir(exist_ok=True)
    write("logits.json", [*golden(), tiny()])
    if SHARED.exists():
        write("published-logits.json", published())
    lines = (f"{json.dumps(name)}: [\n" + ",\n".join("  " + json.dumps(row) for row in rows) + "]"
             for name, rows in dictionaries().items())
    (FOLDER / "state-dictionaries.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
