"""Holds Graft against PyTorch in float64: the same checkpoint, the same input, logits and the last feature map."""

from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from typing import Callable

import numpy as np
import torch
from safetensors.torch import save_file

import networks_torch
from conformance_engines import Failure

SEED = 21
TOLERANCE = 1e-5
BATCH = 2


@dataclass(frozen=True)
class Case:
    """`weights` is a file among the real ones, or a function that writes a model to a path. `layer` is the module whose output is the
    last feature map, and what Graft calls it."""

    network: str
    backbone: str
    build: Callable
    weights: str | Callable
    weights_title: str
    sizes: tuple[int, ...]
    layer: tuple[str, str]
    suffix: str = ".pth"
    is_half: bool = False


def archive(model, path):
    torch.save(model.state_dict(), path)


def legacy(model, path):
    torch.save(model.state_dict(), path, _use_new_zipfile_serialization=False)


def checkpoint(model, path):
    """As a script saves that trained on several GPUs: wrapped twice, with its optimizer."""
    state = torch.nn.DataParallel(model).state_dict()
    optimizer = torch.optim.SGD(model.parameters(), 0.1).state_dict()
    torch.save({"epoch": 3, "state_dict": state, "optimizer": optimizer}, path)


def whole(model, path):
    torch.save(model, path)


def safetensors(model, path):
    save_file(model.state_dict(), path)


def of(library, name, backbone, weights, title, sizes, layer, **options):
    build = partial({"torchvision": networks_torch.of_torchvision, "timm": networks_torch.of_timm}[library], name)
    suffix = ".safetensors" if weights is safetensors else ".pth"
    return Case(f"{name} of {library}", backbone, build, weights, title, sizes, layer, suffix, **options)


def resnet(library, layers, weights, title, sizes=(224,), **options):
    last = {18: "layer4.1", 34: "layer4.2"}.get(layers, "layer4.2")
    return of(library, f"resnet{layers}", f"resnet{layers}-torchvision", weights, title, sizes, ("layer4", f"{last}.relu"),
              **options)


def cifar(layers, weights, title):
    last = f"layer3.{(layers - 2) // 6 - 1}.relu"
    return Case(f"ResNet-{layers} for CIFAR", f"resnet{layers}-cifar", partial(networks_torch.CIFARResNet, layers), weights, title,
                (32,), ("layer3", last))


MOBILENET = ("features.18", "features.18.1.relu6")
INCEPTION = ("Mixed_7c", "Mixed_7c.concat")

CASES = [
    cifar(20, "resnet20-12fca82f.th", "published"),
    cifar(56, "resnet56-4bfd9763.th", "published"),
    cifar(32, archive, "random"), cifar(44, legacy, "random, legacy"), cifar(110, safetensors, "random"),
    resnet("torchvision", 18, archive, "random, archive", (224, 157)),
    resnet("torchvision", 18, checkpoint, "random, checkpoint of DataParallel"),
    resnet("torchvision", 18, whole, "random, whole module"),
    resnet("torchvision", 18, archive, "random, float16", is_half=True),
    resnet("torchvision", 34, legacy, "random, legacy"),
    resnet("torchvision", 50, safetensors, "random, safetensors", (224, 157)),
    resnet("torchvision", 101, archive, "random, archive"),
    resnet("torchvision", 152, archive, "random, archive"),
    of("torchvision", "vgg16", "vgg16-torchvision", archive, "random, archive", (224,), ("features", "features.30")),
    of("torchvision", "vgg19", "vgg19-torchvision", safetensors, "random, safetensors", (224,), ("features", "features.36")),
    of("torchvision", "squeezenet1_1", "squeezenet-torchvision", archive, "random, archive", (224, 150),
       ("features", "features.12.concat")),
    of("torchvision", "mobilenet_v2", "mobilenetv2-torchvision", safetensors, "random, safetensors", (224, 150), MOBILENET),
    of("torchvision", "inception_v3", "inceptionv3-torchvision", archive, "random, archive", (299, 203), INCEPTION),
    resnet("timm", 18, archive, "random, archive"),
    resnet("timm", 50, safetensors, "random, safetensors"),
    of("timm", "vgg16", "vgg16-torchvision", archive, "random, archive", (224,), ("features", "features.30")),
    of("timm", "mobilenetv2_100", "mobilenetv2-torchvision", safetensors, "random, safetensors", (224, 150),
       ("bn2", MOBILENET[1])),
    of("timm", "inception_v3", "inceptionv3-torchvision", legacy, "random, legacy", (299,), INCEPTION),
]


def model_and_file(case, real_weights, scratch):
    model = case.build()
    if isinstance(case.weights, str):
        path = real_weights / case.weights
        state = torch.load(path, map_location="cpu", weights_only=False)["state_dict"]
        model.load_state_dict({name.removeprefix("module."): tensor for name, tensor in state.items()})
        return model.double().eval(), path
    path = scratch / f"weights{case.suffix}"
    networks_torch.randomize(model, case.sizes[0], SEED)
    if case.is_half:
        model.half()
    case.weights(model, path)
    return model.double(), path


def compare(graft, only, real_weights, scratch):
    """[(case, size, tensor, shape, PyTorch's own difference in float32, difference or Failure)]"""
    chosen = [case for case in CASES if only.lower() in f"torch, {case.network}, {case.weights_title}".lower()]
    random = np.random.default_rng(SEED)
    rows = []
    for case in chosen:
        model, path = model_and_file(case, real_weights, scratch)
        for size in case.sizes:
            source = random.standard_normal((BATCH, size, size, 3)).astype(np.float32)
            single = networks_torch.outputs(model.float(), source, case.layer[0])
            double = networks_torch.outputs(model.double(), source.astype(np.float64), case.layer[0])
            for tensor, name, own, expected in zip(("logits", "last feature map"), ("logits", case.layer[1]), single, double):
                try:
                    found = channels_last(graft.run(case, size, path, source.transpose(0, 3, 1, 2), name, scratch))
                    if found.shape != expected.shape:
                        raise Failure(f"shape {list(found.shape)}")
                    difference = relative_difference(found, expected)
                except Failure as failure:
                    difference = failure
                rows.append((case, size, tensor, expected.shape, relative_difference(own, expected), difference))
                print(*line(rows[-1]), sep="  ", flush=True)
    return rows, all(passes(row) for row in rows)


def channels_last(array):
    """Graft takes and gives the order of the file's framework, which for PyTorch's is channels first."""
    return array.transpose(0, 2, 3, 1) if array.ndim == 4 else array


def relative_difference(found, expected):
    return float(np.abs(found.astype(np.float64) - expected).max() / np.abs(expected).max())


def passes(row):
    """Rounding in float32 alone takes PyTorch near the tolerance in the deepest of networks; twice that is still rounding."""
    *_, own, difference = row
    return isinstance(difference, float) and difference <= max(TOLERANCE, 2 * own)


def line(row):
    case, size, tensor, shape, own, difference = row
    return [case.network, case.weights_title, size, tensor, " × ".join(map(str, shape)), f"{own:.1e}",
            f"{difference:.1e}" if isinstance(difference, float) else str(difference).replace("|", "\\|"),
            "pass" if passes(row) else "FAIL"]


def markdown(rows):
    versions = ", ".join(f"{name} {version(name)}" for name in ("torch", "timm"))
    passed = sum(map(passes, rows))
    head = [f"{passed} of {len(rows)} tensors agree with {versions} in float64: the largest |difference| is at most "
            f"{TOLERANCE:.0e} of the largest magnitude, or twice what PyTorch's own float32 differs by. Inputs are random, of standard deviation 1.", "",
            "| network | weights | size | tensor | shape (NHWC) | PyTorch's float32 | difference | verdict |",
            "|---|---|---|---|---|---|---|---|"]
    return "\n".join(head + ["| " + " | ".join(map(str, line(row))) + " |" for row in rows])
