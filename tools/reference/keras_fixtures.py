"""Writes Tests/GraftImportTests/Fixtures/keras_*: small models in the formats of tf_keras and Keras 3, each with the
answer that its own Keras gives to a seeded random input."""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

import quiet_tensorflow  # noqa: F401
import keras
import tf_keras

import keras_conformance_channels_first as channels_first
import keras_conformance_models as models
import keras_conformance_references as references

FIXTURES = Path(__file__).resolve().parents[2] / "Tests" / "GraftImportTests" / "Fixtures"


def turned(value):
    """As Graft has it: channels first."""
    return np.ascontiguousarray(np.moveaxis(value, -1, 1) if value.ndim > 2 else value)


def write(name, inputs, outputs):
    tensors = {f"input/{key}": value for key, value in inputs.items()}
    tensors |= {f"output/{number}": value for number, value in enumerate(outputs)}
    save_file({key: np.ascontiguousarray(value, np.float32) for key, value in tensors.items()},
              FIXTURES / f"keras_{name}.safetensors")


def saved(name, library, build, suffixes):
    library.utils.set_random_seed(3)
    model = build(library)
    references.fill(model)
    reference = references.outputs(name, model)
    for suffix in suffixes:
        model.save(FIXTURES / f"keras_{name}{suffix}")
    write(name, {key: turned(value) for key, value in reference.inputs.items()}, map(turned, reference.outputs))


def main():
    saved("nested_2", tf_keras, models.nested, [".h5", ".keras"])
    saved("nested_3", keras, models.nested, [".h5", ".keras"])
    saved("functions_2", tf_keras, models.functions, [".h5"])
    saved("functions_3", keras, models.functions, [".keras"])
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, channels_first.__file__, folder], check=True)
        inputs, *outputs = np.load(Path(folder) / "channels_first.npz").values()
        (FIXTURES / "keras_channels_first.h5").write_bytes((Path(folder) / "channels_first.h5").read_bytes())
    write("channels_first", {"image": inputs}, outputs)


if __name__ == "__main__":
    main()
