"""The programs that read what Graft exports: each takes a file and inputs, channels first, and gives the outputs alike."""

import quiet_tensorflow  # noqa: F401 (before Keras, which reads the environment)

import keras
import numpy as np
import onnx
import onnxruntime
import tf_keras


def run_onnx(path, inputs):
    """ONNX Runtime's outputs, after ONNX's own checker has seen the file."""
    onnx.checker.check_model(str(path), full_check=True)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    feeds = {argument.name: array for argument, array in zip(session.get_inputs(), inputs)}
    return session.run(None, feeds)


def run_keras(load, path, inputs):
    """What a Keras makes of the file, on channels-last inputs, turned back to channels first."""
    load_session(load)
    model = load(str(path), compile=False)
    images = [channels_last(array) for array in inputs]
    outputs = model(images if len(images) > 1 else images[0], training=False)
    outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
    return [channels_first(np.asarray(output)) for output in outputs]


def load_session(load):
    (keras if load is keras.models.load_model else tf_keras).backend.clear_session()


def channels_last(array):
    return np.moveaxis(array, 1, -1) if array.ndim > 2 else array


def channels_first(array):
    return np.moveaxis(array, -1, 1) if array.ndim > 2 else array


# Who reads what: (title, file ending, reader).
READERS = [
    ("ONNX Runtime", "onnx", run_onnx),
    ("Keras 3, .keras", "keras", lambda path, inputs: run_keras(keras.models.load_model, path, inputs)),
    ("Keras 3, .h5", "h5", lambda path, inputs: run_keras(keras.models.load_model, path, inputs)),
    ("tf_keras, .h5", "h5", lambda path, inputs: run_keras(tf_keras.models.load_model, path, inputs)),
]
