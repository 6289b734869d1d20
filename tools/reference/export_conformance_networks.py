"""Whole networks for tools/conformance --export: one file of random weights for each architecture that Graft knows by name."""

import json
import subprocess

import numpy as np
from safetensors.numpy import save_file

import conformance_torch
import networks_torch
from conformance_cases import ARCHITECTURES, LAYOUTS, SEED
from export_conformance import Job
from export_conformance_graph import Network, connect, convolve
from export_conformance_layers import CASES

BATCH = 2


def architectures(graft, scratch, only):
    """A Job for each, made when asked for: their weights take gigabytes together."""
    for case in [*ARCHITECTURES, *LAYOUTS]:
        if case.with_top and case in first_of_each([*ARCHITECTURES, *LAYOUTS]) and chosen(case.backbone, only):
            yield keras_network(case, scratch)
    for case in first_of_each(conformance_torch.CASES):
        if callable(case.weights) and chosen(case.backbone, only):
            yield torch_network(case, scratch)
    if chosen("squeezenet-tiny", only):
        yield embedded_network(graft, scratch)


def first_of_each(cases):
    """One with a classifier and random weights for each network."""
    first = {}
    for case in cases:
        if callable(case.weights) and getattr(case, "with_top", True):
            first.setdefault(case.network if hasattr(case, "with_top") else case.backbone, case)
    return list(first.values())


def chosen(name, only):
    return only.lower() in name.lower()


def keras_network(case, scratch):
    size = case.sizes[-1] if len(case.sizes) > 1 else case.sizes[0]
    path = scratch / f"{case.backbone}-{case.network.replace(' ', '')}.h5"
    if not path.exists():
        case.weights_path(None, scratch, 0).rename(path)
    return Job(case.network, "architectures", path, images(size), case.backbone)


def torch_network(case, scratch):
    path = scratch / f"{case.backbone}.pth"
    model = case.build()
    networks_torch.randomize(model, case.sizes[0], SEED)
    conformance_torch.archive(model, path)
    return Job(case.network, "architectures", path, images(case.sizes[0], scale=1), case.backbone)


def embedded_network(graft, scratch):
    path = scratch / "squeezenet-tiny.safetensors"
    subprocess.run([graft, "export", "squeezenet-tiny", "--format", "safetensors", "--out", path], check=True,
                   stdout=subprocess.DEVNULL)
    return Job("SqueezeNet, tiny", "architectures", path, images(96, scale=1))


def images(size, scale=60):
    random = np.random.default_rng(SEED)
    return {"image": (random.standard_normal((BATCH, 3, size, size)) * scale).astype(np.float32)}


def fine_tuned(graft, data, scratch, only):
    """A run on photographs: a new head on a backbone that has been trained."""
    if not chosen("fine-tuned", only):
        return
    run, path = scratch / "run", scratch / "run.safetensors"
    subprocess.run([graft, "finetune", "--backbone", "squeezenet-tiny", "--data", data, "--epochs", "2", "--out", run],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    subprocess.run([graft, "export", run, "--format", "safetensors", "--out", path], check=True, stdout=subprocess.DEVNULL)
    yield Job("SqueezeNet, tiny, fine-tuned", "architectures", path, images(96, scale=1))


def layers(scratch, only):
    for number, case in enumerate(CASES):
        if chosen(case.title, only):
            network = case.network(number)
            path = scratch / f"layer{number}.safetensors"
            network.save(path)
            yield Job(case.title, "layers", path, network.inputs, refused=case.refused)


# As Preprocessing has them: order, scale, mean, deviation.
PREPROCESSINGS = {
    "caffe": ("bgr", 1, [103.939, 116.779, 123.68], [1, 1, 1]), "tf": ("rgb", 1 / 127.5, [1, 1, 1], [1, 1, 1]),
    "torch": ("rgb", 1 / 255, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]), "unit": ("rgb", 1 / 255, [0] * 3, [1] * 3),
    "raw": ("rgb", 1, [0] * 3, [1] * 3), "gray": ("gray", 1 / 255, [0.5], [0.25]),
}


def preprocessings(scratch, only):
    """Networks whose ONNX file takes pixels; the job's inputs are what Graft's formula makes of them, `pixels` what they were."""
    for name, (order, scale, mean, deviation) in PREPROCESSINGS.items():
        title = f"preprocessing {name}"
        if not chosen(title, only):
            continue
        pixels = np.random.default_rng(SEED).integers(0, 256, (BATCH, 3, 9, 8)).astype(np.float32)
        network = Network(SEED, (1 if order == "gray" else 3, 9, 8))
        convolve(network, 1 if order == "gray" else 3)
        network.add("Flatten", order="channelsLast")
        connect(network, 4 * 7 * 6)
        path = scratch / f"{name}.safetensors"
        network.save(path)
        tensors = dict(network.tensors)
        graph = {"nodes": network.nodes, "outputs": [network.nodes[-1]["name"]]}
        save_file(tensors, path, {
            "graft.graph": json.dumps(graph),
            "preprocessing": json.dumps(
                {"channelOrder": order, "scale": scale, "mean": mean, "standardDeviation": deviation})})
        yield Job(title, "layers", path, {"image": prepared(pixels, order, scale, mean, deviation)}, pixels=pixels)


def prepared(pixels, order, scale, mean, deviation):
    """Red, green and blue 0…255 as the network takes them, in float64 until the end."""
    pixels = pixels.astype(np.float64)
    channels = {"rgb": pixels, "bgr": pixels[:, ::-1],
                "gray": np.tensordot([0.299, 0.587, 0.114], pixels, (0, 1))[:, None]}[order]
    column = (-1, 1, 1)
    return ((channels * scale - np.reshape(mean, column)) / np.reshape(deviation, column)).astype(np.float32)
