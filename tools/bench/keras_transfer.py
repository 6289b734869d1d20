"""Keras, as a whole program: a head for a frozen ResNet-50, from photographs on disk to a trained head.

`tutorial` is the recipe of Keras's guide to transfer learning, without its augmentation; `features` computes the frozen
part once for each photograph, as Graft does, and fits the head on that.
"""

import argparse
import json
from pathlib import Path

import keras_networks as networks

import keras
import numpy as np
import tensorflow as tf

CLASSES, SIZE, BATCH = 2, 224, 32


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recipe", choices=("tutorial", "features"))
    parser.add_argument("--data", required=True)
    parser.add_argument("--weights", required=True)
    parser.add_argument("--epochs", type=int, required=True)
    parser.add_argument("--precision", choices=("fp32", "bf16"), required=True)
    parser.add_argument("--threads", type=int, required=True)
    options = parser.parse_args()
    networks.prepare(options.threads, options.precision)
    base = networks.backbone("resnet50")
    base.load_weights(options.weights)
    base.trainable = False
    run = {"tutorial": tutorial, "features": features}[options.recipe]
    history = run(base, options).history
    print(json.dumps({"validation_accuracy": max(history["val_accuracy"])}))


def photographs(options, part, shuffle):
    """The data set, and the class of each photograph in the order of the files."""
    data = keras.utils.image_dataset_from_directory(
        f"{options.data}/{part}", image_size=(SIZE, SIZE), batch_size=BATCH, shuffle=shuffle, verbose=False)
    labels = [data.class_names.index(Path(path).parent.name) for path in data.file_paths]
    return data.prefetch(tf.data.AUTOTUNE), np.array(labels)


def tutorial(base, options):
    inputs = keras.Input((SIZE, SIZE, 3))
    flow = base(keras.applications.resnet50.preprocess_input(inputs), training=False)
    flow = keras.layers.Dropout(0.2)(flow)
    model = keras.Model(inputs, keras.layers.Dense(CLASSES, dtype="float32")(flow))
    compile(model)
    train, _ = photographs(options, "train", shuffle=True)
    validation, _ = photographs(options, "val", shuffle=False)
    return model.fit(train, validation_data=validation, epochs=options.epochs, verbose=0)


def features(base, options):
    inputs = keras.Input((SIZE, SIZE, 3))
    extractor = keras.Model(inputs, base(keras.applications.resnet50.preprocess_input(inputs), training=False))
    tables = []
    for part in ("train", "val"):
        data, labels = photographs(options, part, shuffle=False)
        tables.append((extractor.predict(data, verbose=0), labels))
    width = tables[0][0].shape[1]
    head = [keras.layers.Dropout(0.2), keras.layers.Dense(CLASSES, dtype="float32")]
    model = keras.Sequential([keras.Input((width,)), *head])
    compile(model)
    return model.fit(*tables[0], validation_data=tables[1], batch_size=BATCH, epochs=options.epochs, verbose=0)


def compile(model):
    model.compile(keras.optimizers.Adam(0.001), keras.losses.SparseCategoricalCrossentropy(from_logits=True),
                  metrics=["accuracy"])


if __name__ == "__main__":
    main()
