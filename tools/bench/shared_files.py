"""Makes the ResNet-50 files that whole programs are timed with: one set of numbers for everybody.

In FOLDER: resnet50.h5 (Keras's weights-only file; a copy of --weights where that is given, else random), model.keras
(with pooling and a dense layer of two), model.pth (PyTorch's of the same numbers) and model.onnx. Checks that all three
compute the same, and says how well in agreement.json.
"""

import argparse
import json
import shutil
import warnings
from pathlib import Path

import keras_networks

import keras
import numpy as np
import onnxruntime
import tf_keras
import torch

import torch_networks

CLASSES = 2
TOLERANCE = 1e-3


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", help="Keras's published file without the classifier; random without this")
    parser.add_argument("--folder", type=Path, required=True)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    weights = options.folder / "resnet50.h5"
    if options.weights:
        shutil.copyfile(options.weights, weights)
    else:
        write_random(weights)
    base = keras_networks.backbone("resnet50")
    base.load_weights(weights)
    model = keras.Model(base.input, keras.layers.Dense(CLASSES)(base.output))
    model.save(options.folder / "model.keras")
    partner = as_torch(model).eval()
    torch.save(partner.state_dict(), options.folder / "model.pth")
    write_onnx(partner, options.folder / "model.onnx")
    difference = compare(model, partner, options.folder / "model.onnx")
    if not difference < TOLERANCE:
        raise SystemExit(f"Keras, PyTorch and ONNX Runtime differ by {difference:.1e}")
    (options.folder / "agreement.json").write_text(json.dumps({"difference": difference}) + "\n")


def write_random(path):
    """Keras 2 still writes the layout that weights are published in."""
    tf_keras.utils.set_random_seed(1)
    model = tf_keras.applications.ResNet50(weights=None, include_top=False, input_shape=(224, 224, 3))
    model.save_weights(path, save_format="h5")


def as_torch(model):
    """PyTorch's network with Keras's numbers. Keras's wants blue first: the first kernel's inputs are turned around."""
    result = torch_networks.network("resnet50", CLASSES)
    with torch.no_grad():
        for name, module in result.named_modules():
            if isinstance(module, torch.nn.Linear):
                copy(model.layers[-1], weight=module.weight, bias=module.bias)
            elif isinstance(module, torch.nn.Conv2d):
                copy(model.get_layer(keras_name(name)), weight=module.weight, bias=module.bias)
            elif isinstance(module, torch.nn.BatchNorm2d):
                copy(model.get_layer(keras_name(name)), weight=module.weight, bias=module.bias,
                     mean=module.running_mean, variance=module.running_var)
        result.conv1.weight.copy_(result.conv1.weight.flip(1))
    return result


def copy(layer, **tensors):
    for tensor, array in zip(tensors.values(), layer.get_weights(), strict=True):
        axes = {4: (3, 2, 0, 1), 2: (1, 0)}.get(array.ndim, (0,))
        tensor.copy_(torch.from_numpy(array.transpose(axes).copy()))


def keras_name(name):
    """`layer2.0.downsample.1` is `conv3_block1_0_bn`."""
    if not name.startswith("layer"):
        return {"conv1": "conv1_conv", "bn1": "conv1_bn"}[name]
    stage, block, part = name.removeprefix("layer").split(".", 2)
    place, kind = {"downsample.0": (0, "conv"), "downsample.1": (0, "bn")}.get(part) or (
        int(part[-1]), "conv" if part.startswith("conv") else "bn")
    return f"conv{int(stage) + 1}_block{int(block) + 1}_{place}_{kind}"


def write_onnx(model, path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        images = torch.zeros(1, 3, 224, 224)
        torch.onnx.export(model.to(memory_format=torch.contiguous_format), (images,), str(path), dynamo=False,
                          opset_version=17, input_names=["images"])


def compare(model, partner, path):
    """The largest difference from Keras's numbers, as a share of the largest."""
    images = np.random.default_rng(1).standard_normal((1, 224, 224, 3), dtype=np.float32) * 60
    expected = model(images, training=False).numpy()
    turned = np.ascontiguousarray(images[..., ::-1].transpose(0, 3, 1, 2))
    with torch.inference_mode():
        found = [partner(torch.from_numpy(turned)).numpy()]
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    found += session.run(None, {"images": turned})
    return max(float(np.abs(other - expected).max() / np.abs(expected).max()) for other in found)


if __name__ == "__main__":
    main()
