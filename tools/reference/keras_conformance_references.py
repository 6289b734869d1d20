"""What published Keras files compute, according to a Keras that can load them."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

import h5py
import numpy as np

import quiet_tensorflow  # noqa: F401
import keras
import tf_keras

import keras_conformance_early as early
import networks
import networks_files

SEED = 20250711


@dataclass
class Reference:
    """Inputs and outputs as Keras has them."""

    title: str
    inputs: dict
    outputs: list
    is_channels_first: bool = False


@dataclass
class Case:
    group: str
    title: str
    path: Path
    reference: Callable[[], Reference]
    configuration: Path | None = None
    expects_refusal: str = ""


REFUSED = {
    "model_lambda.h5": "Lambda", "sequential_lambda.h5": "Lambda", "space_to_depth_graph_tensorflow_2.h5": "Lambda",
    "space_to_depth_simple_tensorflow_2.h5": "Lambda", "issue_9560.h5": "Conv1D",
    "keras_pre_pr22362_nested_container.keras": "NestedDenseModel",
    "Meso4_DF_weights_only.h5": "not the network that they belong to",
    "kotlindl_lenet_weights.h5": "not the network that they belong to",
}

CONFIGURATIONS = {
    "dogcat_weights_only.h5": "dogcat_model.json", "kotlindl_batchnorm_weights.h5": "kotlindl_batchnorm_modelConfig.json",
    "kotlindl_toyresnet_weights.h5": "kotlindl_toyresnet_modelConfig.json",
}


def published(shared, scratch):
    """Every real file that there is."""
    material = shared / "material" / "keras"
    paths = [*material.glob("*.h5"), *material.glob("*.hdf5"), *material.glob("*.keras"), *(material / "dl4j").glob("*.h5"),
             *(shared / "weights").glob("*.h5")]
    for path in sorted(paths):
        if path.name.endswith("inputs_and_outputs.h5"):
            continue
        if path.name in REFUSED:
            yield Case("published", path.name, path, nothing, expects_refusal=REFUSED[path.name])
        elif path.name in CONFIGURATIONS:
            configuration = material / CONFIGURATIONS[path.name]
            yield Case("published", path.name, path, beside(configuration, path), configuration)
        elif path.name.startswith("squeezenet_weights"):
            # Weights alone, which Graft recognises.
            yield Case("published", path.name, path, squeezenet(path))
        elif path.name == "cnn_tf_weights.h5":
            # The weights alone of the model beside it.
            full, configuration = path.with_name("cnn_tf_model.h5"), scratch / "cnn_tf_model.json"
            configuration.write_text(early.configuration(full))
            yield Case("published", path.name, path, rebuilt(full, path), configuration)
        else:
            yield Case("published", path.name, path, loaded(path))
    for path in sorted((material / "dl4j").glob("*_inputs_and_outputs.h5")):
        model = path.with_name(path.name.replace("inputs_and_outputs", "model"))
        yield Case("published", model.name + ", its own goldens", model, goldens(path))


def nothing():
    return Reference("", {"input": np.zeros((1, 3, 8, 8), np.float32)}, [], True)


def goldens(path):
    def reference():
        with h5py.File(path) as file:
            inputs, outputs = file["inputs"], file["predictions"]
            first, last = [np.asarray(group[next(iter(group))]) for group in (inputs, outputs)]
        return Reference("the file's goldens", {"input": first}, [last], True)

    return reference


def loaded(path):
    """By the Keras of the file's time, else the other, else put together by hand; so is what Theano wrote, whose kernels
    no Keras of today turns round."""

    def reference():
        if early.ran_on_theano(path):
            return outputs("rebuilt, kernels flipped", early.model(path))
        libraries = [("tf_keras", tf_keras), ("Keras 3", keras)]
        for name, library in libraries if early.version(path) < "3" else reversed(libraries):
            try:
                model = library.models.load_model(path, compile=False)
            except Exception:  # the next may load it
                continue
            return outputs(name, model)
        return outputs("rebuilt", early.model(path))

    return reference


def squeezenet(path):
    def reference():
        model = networks.squeezenet(64)
        networks_files.load_by_name(model, path)
        return outputs("tf_keras, kernels in its order", model)

    return reference


def rebuilt(full, weights):
    return lambda: outputs("rebuilt", early.model(full, weights))


def beside(configuration, path):
    def reference():
        model = tf_keras.models.model_from_json(configuration.read_text())
        model.load_weights(path)
        return outputs("tf_keras", model)

    return reference


def outputs(title, model, batch=2):
    """The model's answer to seeded random inputs; unknown sizes are taken as 32."""
    random = np.random.default_rng(SEED)
    shapes = model.input_shape if isinstance(model.input_shape, list) else [model.input_shape]
    names = [tensor.name.split(":")[0] for tensor in model.inputs]
    values = [random.uniform(0, 1, (batch, *[size or 32 for size in shape[1:]])).astype(np.float32) for shape in shapes]
    result = model(values if len(values) > 1 else values[0], training=False)
    results = list(result) if isinstance(result, (list, tuple)) else [result]
    return Reference(title, dict(zip(names, values)), [np.asarray(value) for value in results])


# Configurations alone: real networks with random weights.

def configurations(shared, scratch):
    for path in sorted((shared / "material" / "keras" / "imagenet_configs").glob("*.json")):
        case = RandomlyFilled(path, scratch)
        yield Case("configuration", path.name, case.weights, case.reference, case.configuration)


class RandomlyFilled:
    """A configuration with seeded weights, its softmax left off: of a thousand nearly equal probabilities nothing shows."""

    def __init__(self, path, scratch):
        self.source, self.weights = path, scratch / f"{path.stem}.h5"
        self.configuration = scratch / path.name

    def reference(self):
        text = self.source.read_text().replace('"softmax"', '"linear"')
        self.configuration.write_text(text)
        model = tf_keras.models.model_from_json(known_lambdas(text), custom_objects={"Scaled": Scaled})
        fill(model)
        model.save_weights(self.weights)
        return outputs("tf_keras, random weights", model)


def fill(model, seed=SEED):
    """Weights that keep numbers in range through any depth, with statistics that are no trivial ones."""
    random = np.random.default_rng(seed)
    for weight in model.weights:
        shape, name = tuple(weight.shape), weight.name
        if "count" in name or "seed" in name or len(shape) == 0:
            continue
        if re.search(r"variance|gamma", name):
            value = random.uniform(0.7, 1.4, shape)
        elif len(shape) == 1 or "alpha" in name:
            value = random.normal(0, 0.2, shape)
        else:
            fan = np.prod(shape[:2]) if "depthwise" in name else np.prod(shape[:-1])
            value = random.normal(0, np.sqrt(1.6 / fan), shape)
        weight.assign(value.astype(np.float32))
    for layer in model._flatten_layers():
        if isinstance(layer, (keras.layers.Normalization, tf_keras.layers.Normalization)) and layer.input_mean is None:
            layer.finalize_state()  # which takes the new numbers over


class Scaled(tf_keras.layers.Layer):
    """What InceptionResNetV2's Lambda computes; its byte code is of a Python of long ago."""

    def __init__(self, scale, **options):
        super().__init__(**options)
        self.scale = scale

    def call(self, inputs):
        return inputs[0] + inputs[1] * self.scale


def known_lambdas(text):
    description = json.loads(text)
    for layer in description["config"]["layers"]:
        if layer["class_name"] == "Lambda":
            options = layer["config"]
            layer["class_name"] = "Scaled"
            layer["config"] = {"name": options["name"], "scale": options["arguments"]["scale"]}
    return json.dumps(description)
