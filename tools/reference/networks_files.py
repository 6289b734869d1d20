"""Keras's weights-only HDF5 files: read by layer name in either order, written as each generation of Keras wrote them.

Root attribute `layer_names`; for every layer a group (nested where the name holds '/') with an attribute `weight_names`
and its arrays under these names.
"""

import quiet_tensorflow  # noqa: F401 (before Keras, which reads the environment)

import itertools
from unittest import mock

import h5py
import numpy as np
import tf_keras


def load_by_name(model, path):
    """Sets every weighted layer of `model` from the file, and returns the file's order: "tensorflow" or "theano".

    Convolution kernels in Theano's order are brought into TensorFlow's: axes [out, in, h, w] to [h, w, in, out], and
    turned by 180 degrees, because Theano convolves where TensorFlow correlates. The rows of a Dense after a Flatten go
    from CHW to HWC order. Raises ValueError unless layers and shapes agree.
    """
    stored = read_layers(path)
    weighted = {layer.name: layer for layer in model.layers if layer.weights}
    if set(weighted) != set(stored):
        difference = sorted(set(weighted) ^ set(stored))
        raise ValueError(f"{path}: these layers are in the file or in the network, but not in both: {difference}")
    order = kernel_order(weighted, stored, path)
    for name, layer in weighted.items():
        arrays = stored[name]
        layer.set_weights([from_theano(layer, array) for array in arrays] if order == "theano" else arrays)
    return order


def read_layers(path):
    """{layer: its arrays in the file's order}, layers without weights left out."""
    with h5py.File(path, "r") as file:
        group = file.get("model_weights", file)
        layers = {}
        for name in names(group, "layer_names"):
            arrays = [group[name][weight][()] for weight in names(group[name], "weight_names")]
            if arrays:
                layers[name] = arrays
        return layers


def names(group, attribute):
    """A list of names, which Keras splits where it is long: `layer_names0`, `layer_names1`, …"""
    if attribute in group.attrs:
        return [as_text(name) for name in group.attrs[attribute]]
    parts = itertools.takewhile(group.attrs.__contains__, (f"{attribute}{number}" for number in itertools.count()))
    return [as_text(name) for part in parts for name in group.attrs[part]]


def kernel_order(weighted, stored, path):
    """Which order makes *every* kernel fit its layer. One kernel may fit both (all sides equal); a file does not."""
    shapes = [(tuple(layer.weights[0].shape), stored[name][0].shape)
              for name, layer in weighted.items() if len(layer.weights[0].shape) == 4]
    if all(expected == found for expected, found in shapes):
        return "tensorflow"
    if all(expected == (found[2], found[3], found[1], found[0]) for expected, found in shapes):
        return "theano"
    raise ValueError(f"{path}: the kernels' shapes fit neither TensorFlow's order nor Theano's: {shapes}")


def from_theano(layer, array):
    if array.ndim == 4:
        return np.ascontiguousarray(array[:, :, ::-1, ::-1].transpose(2, 3, 1, 0))
    if array.ndim == 2 and (place := flattened_shape(layer)):
        height, width, channels = place
        by_place = array.reshape(channels, height, width, -1).transpose(1, 2, 0, 3)
        return np.ascontiguousarray(by_place.reshape(array.shape))
    return array


def to_theano(layer, array):
    if array.ndim == 4:
        return np.ascontiguousarray(array.transpose(3, 2, 0, 1)[:, :, ::-1, ::-1])
    if array.ndim == 2 and (place := flattened_shape(layer)):
        by_place = array.reshape(*place, -1).transpose(2, 0, 1, 3)
        return np.ascontiguousarray(by_place.reshape(array.shape))
    return array


def flattened_shape(layer):
    """(height, width, channels) of what a Flatten right before `layer` flattens, or None."""
    source = layer.input._keras_history.layer
    if not isinstance(source, tf_keras.layers.Flatten):
        return None
    shape = source.input_shape[1:]
    return shape if len(shape) == 3 else None


def save_keras2(model, path):
    """As tf.keras's own `save_weights` lays a file out: `conv1/kernel:0`, with Keras's version and backend beside."""
    model.save_weights(path, save_format="h5")


def save_keras2_split(model, path):
    """The same with its attributes in pieces, as Keras writes those that would exceed HDF5's 64 KB; here 1 KB."""
    with mock.patch("tf_keras.src.saving.legacy.hdf5_format.HDF5_OBJECT_HEADER_LIMIT", 1024):
        model.save_weights(path, save_format="h5")
    with h5py.File(path, "r") as file:
        assert "layer_names1" in file.attrs and "layer_names" not in file.attrs


def save_full_model(model, path):
    """As `model.save` does: configuration and weights, these below the group `model_weights`."""
    model.save(path, save_format="h5", include_optimizer=False)


# What Keras 1 called a layer's weights. Its running_std held the variance.
KERAS1_NAMES = {"kernel": "W", "bias": "b", "moving_mean": "running_mean", "moving_variance": "running_std"}


def save_keras1(model, path, order="tensorflow"):
    """As Keras 1 did and as the published VGG-16 files are: `conv1_W_1:0`, `conv1_b_1:0`, `bn_running_std_1:0`, no root
    attribute but `layer_names`, and every layer listed, weighted or not. `order` may be "theano", which writes kernels as a network
    trained on Theano has them (see `load_by_name`)."""
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = [layer.name.encode() for layer in model.layers]
        for layer in model.layers:
            group = file.create_group(layer.name)
            arrays = layer.get_weights()
            roles = [weight.name.split("/")[-1].removesuffix(":0") for weight in layer.weights]
            listed = [f"{layer.name}_{KERAS1_NAMES.get(role, role)}_1:0" for role in roles]
            group.attrs["weight_names"] = np.array([name.encode() for name in listed], dtype="S" if listed else "S1")
            for name, array in zip(listed, arrays):
                group.create_dataset(name, data=to_theano(layer, array) if order == "theano" else array)


def as_text(name):
    return name.decode() if isinstance(name, bytes) else str(name)
