"""Sequences of Keras 1, and files that Theano wrote, put together anew in tf_keras: their numbers by hand, in order.

Independent of Graft's own reader on purpose; it knows no more than the files at hand need."""

import json

import h5py
import numpy as np

import quiet_tensorflow  # noqa: F401
import tf_keras

LAYERS = tf_keras.layers


def ran_on_theano(path):
    """Keras 2 says so. Keras 1's Theano names variables without the `:0` that TensorFlow puts behind."""
    with h5py.File(path) if h5py.is_hdf5(path) else EmptyFile() as file:
        if "model_weights" not in file:
            return False
        backend = text(file.attrs.get("backend", ""))
        if backend:
            return backend == "theano"
        names = [text(name) for group in file["model_weights"].values() for name in group.attrs.get("weight_names", [])]
        return bool(names) and not any(name.endswith(":0") for name in names)


class EmptyFile(dict):
    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


def text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def version(path):
    """`2.4.0`; files of Keras 3's own format are 3's."""
    if not h5py.is_hdf5(path):
        return "3"
    with h5py.File(path) as file:
        return text(file.attrs.get("keras_version", "1"))


def configuration(path):
    with h5py.File(path) as file:
        return text(file.attrs["model_config"])


def model(path, weights=None):
    """The network of one file, with the numbers of another if named."""
    description = json.loads(configuration(path))
    with h5py.File(weights or path) as file:
        groups = file["model_weights"] if "model_weights" in file else file
        tensors = [[np.asarray(groups[text(name)][text(weight)]) for weight in groups[text(name)].attrs["weight_names"]]
                   for name in groups.attrs["layer_names"]]
    flips = ran_on_theano(path)
    entries = description["config"] if isinstance(description["config"], list) else description["config"]["layers"]
    built = tf_keras.Sequential()
    for position, entry in enumerate(entries):
        if position == 0:
            built.add(tf_keras.Input(entry["config"]["batch_input_shape"][1:]))
        built.add(layer(entry["class_name"], entry["config"]))
    weighted = [tensor for tensor in tensors if tensor]
    for target, values in zip([item for item in built.layers if item.weights], weighted, strict=True):
        if flips and values[0].ndim == 4:
            values = [values[0][::-1, ::-1], *values[1:]]
        target.set_weights(values)
    return built


def layer(name, options):
    """A layer of tf_keras for one of Keras 1 or 2, channels last."""
    assert options.get("dim_ordering", "tf") == "tf", "channels first"
    activation = options.get("activation", "linear")
    if name in ("Convolution2D", "Conv2D"):
        size = options.get("kernel_size") or (options["nb_row"], options["nb_col"])
        return LAYERS.Conv2D(
            options.get("filters") or options["nb_filter"], size, options.get("strides") or options["subsample"],
            options.get("padding") or options["border_mode"], activation=activation)
    if name == "Dense":
        return LAYERS.Dense(options.get("units") or options["output_dim"], activation=activation)
    if name == "MaxPooling2D":
        return LAYERS.MaxPooling2D(options["pool_size"], options["strides"], options.get("border_mode", "valid"))
    if name == "BatchNormalization":
        return LAYERS.BatchNormalization(epsilon=options["epsilon"])
    if name == "Reshape":
        return LAYERS.Reshape(options["target_shape"])
    if name == "Activation":
        return LAYERS.Activation(activation)
    if name == "Dropout":
        return LAYERS.Dropout(options.get("rate") or options["p"])
    return {"Flatten": LAYERS.Flatten}[name]()
