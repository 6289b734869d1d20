"""Channels-first networks, which TensorFlow cannot run on a CPU: written and run by Keras 3 on PyTorch, in a process of its
own, because a process has one backend."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np

SUFFIXES = (".h5", ".keras")


def build(keras):
    layers = keras.layers
    keras.config.set_image_data_format("channels_first")
    entry = keras.Input((3, 10, 8), name="image")
    value = layers.Conv2D(4, 3, strides=2, padding="same", activation="relu")(entry)
    value = layers.BatchNormalization(axis=1)(layers.ZeroPadding2D(((1, 0), (0, 2)))(value))
    value = layers.PReLU(shared_axes=[2, 3])(layers.SeparableConv2D(6, 3, padding="same")(value))
    value = layers.Concatenate(axis=1)([value, layers.DepthwiseConv2D(3, padding="same")(value)])
    wide = layers.Concatenate(axis=-1)([value, value])
    pooled = layers.MaxPooling2D(2)(layers.AveragePooling2D(3, 1, padding="same")(wide))
    results = [
        layers.Dense(5, activation="softmax")(layers.Flatten()(pooled)),
        layers.Dense(5)(layers.Flatten(data_format="channels_last")(pooled)),
        layers.Dense(3)(layers.GlobalAveragePooling2D()(pooled)), layers.Softmax(axis=1)(value), layers.Softmax()(value),
        layers.Conv2D(3, 1, activation="softmax")(value), layers.PReLU()(pooled),
        layers.Reshape((6, -1))(pooled), layers.Permute((3, 1, 2))(pooled), layers.Cropping2D(1)(value),
        layers.UpSampling2D(2)(pooled), layers.GlobalMaxPooling2D(keepdims=True)(pooled), layers.Rescaling(0.5, 1)(value),
    ]
    return keras.Model(entry, results)


def write(folder):
    os.environ["KERAS_BACKEND"] = "torch"
    import keras

    random = np.random.default_rng(5)
    model = build(keras)
    model.set_weights([
        (random.uniform(0.7, 1.4, value.shape) if value.ndim == 1 else random.normal(0, 0.3, value.shape)).astype(np.float32)
        for value in model.get_weights()])
    inputs = random.uniform(0, 1, (2, 3, 10, 8)).astype(np.float32)
    outputs = [keras.ops.convert_to_numpy(value) for value in model(inputs, training=False)]
    for suffix in SUFFIXES:
        model.save(folder / f"channels_first{suffix}")
    np.savez(folder / "channels_first.npz", inputs, *outputs)


def cases(scratch):
    import keras_conformance_references as references

    def reference():
        if not (scratch / "channels_first.npz").exists():
            subprocess.run([sys.executable, __file__, scratch], check=True, capture_output=True)
        inputs, *outputs = np.load(scratch / "channels_first.npz").values()
        return references.Reference("Keras 3 on PyTorch", {"image": inputs}, outputs, True)

    for suffix in SUFFIXES:
        path = scratch / f"channels_first{suffix}"
        yield references.Case("own", path.name, path, reference)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
