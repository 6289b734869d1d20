"""Writes PyTorch's network as an ONNX file for ONNX Runtime, and makes sure that both compute the same."""

import argparse
import json
import os
import warnings

import numpy as np
import onnxruntime
import torch

import timing
import torch_networks

TOLERANCE = 1e-3


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--network", choices=timing.SIZES, required=True)
    parser.add_argument("--batch", type=int, required=True, help="the file is for this batch alone")
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    torch.manual_seed(1)
    model = torch_networks.network(options.network).to(memory_format=torch.contiguous_format).eval()
    size = timing.SIZES[options.network]
    images = torch.randn(options.batch, 3, size, size)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(model, (images,), options.out, dynamo=False, opset_version=17, input_names=["images"])
    difference = compare(model, images, options.out)
    if not difference < TOLERANCE:
        os.remove(options.out)
        raise SystemExit(f"ONNX Runtime is off PyTorch by {difference:.1e}")
    print(json.dumps({"difference": difference}))


def compare(model, images, path):
    """The largest difference, as a share of the largest number."""
    with torch.inference_mode():
        expected = model(images).numpy()
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    found = session.run(None, {"images": images.numpy()})[0]
    return float(np.abs(found - expected).max() / np.abs(expected).max())


if __name__ == "__main__":
    main()
