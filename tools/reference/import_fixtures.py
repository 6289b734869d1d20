"""Writes the fixtures of GraftImportTests: one tiny network's numbers in every layout that Keras files come in.

Run: .venv-reference/bin/python tools/reference/import_fixtures.py
The network is Tests/GraftImportTests/TinyNetwork.swift: a convolution, a module of two branches, and a classifier on a
flattened map. Every tensor counts 0, 1, 2, … in row-major order of TensorFlow's layout, plus a number of its own, so
that all files say the same and the comparison is exact, in float16 too. What Theano needs is derived here with NumPy:
kernels as convert_all_kernels_in_model of Keras 1 does it, rows of the dense layer as convert_dense_weights_data_format
of Keras 2 does.
"""

import os

import h5py
import numpy as np

FOLDER = os.path.join(os.path.dirname(__file__), "..", "..", "Tests", "GraftImportTests", "Fixtures")

# Name, number that an unnamed layer had in its session, kernel, first number of the kernel. Depth first, as Keras lists.
LAYERS = [
    ("conv1", "convolution2d_7", (3, 3, 3, 4), 0),
    ("fire/squeeze1x1", "convolution2d_8", (1, 1, 4, 2), 200),
    ("fire/expand1x1", "convolution2d_10", (1, 1, 2, 3), 300),
    ("fire/expand3x3", "convolution2d_9", (3, 3, 2, 3), 400),
]
TOP = [("predictions", "dense_3", (54, 5), 500)]
MAP = (3, 3, 6)  # height, width, channels of what is flattened


def ramp(shape, start):
    return (np.arange(np.prod(shape)) + start).reshape(shape).astype("<f4")


def tensors(shape, start, channels_first=False, theano=False):
    kernel, bias = ramp(shape, start), ramp(shape[-1:], start + 1000)
    if len(shape) == 4:
        if theano:
            kernel = kernel[::-1, ::-1]
        if channels_first:
            kernel = kernel.transpose(3, 2, 0, 1)
    elif channels_first:
        kernel = kernel.reshape(*MAP, -1).transpose(2, 0, 1, 3).reshape(shape)
    return np.ascontiguousarray(kernel), bias


def write(name, layers, numbered=False, backend=None, dtype="<f4", **order):
    # The latest format leaves out what only old libraries need, half of so small a file.
    with h5py.File(os.path.join(FOLDER, name), "w", libver="latest") as f:
        names = [number if numbered else own for own, number, _, _ in layers]
        f.attrs["layer_names"] = np.array([n.encode() for n in ["input_1", *names]])
        f.create_group("input_1").attrs["weight_names"] = np.array([], dtype="S1")
        if backend:
            f.attrs["backend"] = np.bytes_(backend)
            f.attrs["keras_version"] = np.bytes_("2.0.8")
        for layer, (_, _, shape, start) in zip(names, layers):
            group = f.create_group(layer)
            weights = [f"{layer}_W:0", f"{layer}_b:0"]
            group.attrs["weight_names"] = np.array([w.encode() for w in weights])
            for weight, tensor in zip(weights, tensors(shape, start, **order)):
                group.create_dataset(weight, data=tensor.astype(dtype))


if __name__ == "__main__":
    os.makedirs(FOLDER, exist_ok=True)
    write("tf.h5", LAYERS)
    write("tf_top.h5", LAYERS + TOP)
    write("numbered.h5", LAYERS, numbered=True)
    write("numbered_top.h5", LAYERS + TOP, numbered=True)
    write("float16_top.h5", LAYERS + TOP, dtype="<f2")
    write("th_top.h5", LAYERS + TOP, channels_first=True, theano=True)
    write("th_dim_ordering_tf_kernels_top.h5", LAYERS + TOP, channels_first=True)
    write("theano_backend_top.h5", LAYERS + TOP, backend="theano", theano=True)
    write("tensorflow_backend_channels_first_top.h5", LAYERS + TOP, backend="tensorflow", channels_first=True)
