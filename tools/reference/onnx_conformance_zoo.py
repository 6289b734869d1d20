"""Whole networks as ONNX files: real ones of other people, and fresh exports by PyTorch, tf2onnx and Keras.

Expected numbers are ONNX Runtime's on a seeded input. Exports have random weights; batch normalisations have random
statistics too, because fresh ones (mean 0, variance 1) would hide a mistake.
"""

import contextlib
import io
import os
import warnings

import numpy as np
import onnx

from onnx_conformance_run import Case, channels_last_inputs

SEED = 4
BATCH = 2
# Their last node is a LogSoftmax along axis 0.
SCORES_OVER_BATCH = {"dl4j_output_cnn_mnist.onnx"}


def expected(path, family, tolerance, name=None):
    """A case with ONNX Runtime's results, or None where it cannot run the file itself."""
    import onnxruntime

    onnxruntime.set_default_logger_severity(4)
    model = onnx.load(path, load_external_data=False)
    if "fp16" in path.name:
        # The same numbers in float32: in half precision ONNX Runtime rounds each layer's result, which Graft does not.
        model = single_precision(model)
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    elif path.name in SCORES_OVER_BATCH:
        # Graft leaves a normalisation of scores over the images of a batch off, and its report says so.
        last = model.graph.node.pop()
        for output in model.graph.output:
            if output.name == last.output[0]:
                output.CopyFrom(onnx.helper.make_empty_tensor_value_info(last.input[0]))
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    else:
        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    random = np.random.default_rng(SEED)
    inputs = {}
    for value in session.get_inputs():
        shape = [size if isinstance(size, int) and size > 0 else BATCH for size in value.shape]
        array = random.standard_normal(shape).astype(np.float32)
        inputs[value.name] = array.astype(np.float16) if value.type == "tensor(float16)" else array
    outputs = session.run(None, inputs)
    # Keras leaves constants that it has folded behind as inputs that nobody reads.
    read = {name for node in model.graph.node for name in node.input}
    inputs = {key: array.astype(np.float32) for key, array in inputs.items() if key in read}
    return Case(name or path.name, family, path, inputs, outputs, tolerance, channels_last_inputs(model))


def single_precision(model):
    """The model with every float16 tensor, input and output as float32; the numbers themselves stay."""
    half, single = onnx.TensorProto.FLOAT16, onnx.TensorProto.FLOAT
    graph = model.graph
    for tensor in graph.initializer:
        if tensor.data_type == half:
            tensor.CopyFrom(onnx.numpy_helper.from_array(onnx.numpy_helper.to_array(tensor).astype(np.float32), tensor.name))
    for value in [*graph.input, *graph.output, *graph.value_info]:
        if value.type.tensor_type.elem_type == half:
            value.type.tensor_type.elem_type = single
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.type == onnx.AttributeProto.TENSOR and attribute.t.data_type == half:
                numbers = onnx.numpy_helper.to_array(attribute.t).astype(np.float32)
                attribute.t.CopyFrom(onnx.numpy_helper.from_array(numbers))
            elif node.op_type == "Cast" and attribute.name == "to" and attribute.i == half:
                attribute.i = single
    return model


def files(shared):
    paths = [*sorted((shared / "weights").glob("*.onnx")), *sorted((shared / "material" / "onnx").glob("*.onnx"))]
    for path in paths:
        try:
            yield expected(path, "real files", 1e-4)
        except Exception as error:  # ONNX Runtime refuses it as well
            print(f"real files           {path.name:45} ONNX Runtime itself refuses: {str(error).splitlines()[0][:120]}")


TORCH = {
    "resnet18": 64, "resnet50": 64, "vgg16": 224, "vgg11_bn": 224, "squeezenet1_1": 64, "mobilenet_v2": 64,
    "mobilenet_v3_small": 64, "mobilenet_v3_large": 64, "densenet121": 64, "inception_v3": 96, "googlenet": 64,
    "efficientnet_b0": 64, "shufflenet_v2_x1_0": 64, "mnasnet1_0": 64, "regnet_y_400mf": 64, "resnext50_32x4d": 64,
    "alexnet": 224, "convnext_tiny": 64,
}

KERAS = {
    "VGG16": 32, "ResNet50": 64, "ResNet50V2": 64, "MobileNet": 64, "MobileNetV2": 64, "MobileNetV3Small": 64,
    "DenseNet121": 64, "InceptionV3": 96, "Xception": 96, "EfficientNetB0": 64, "EfficientNetV2B0": 64, "NASNetMobile": 64,
}


def exported(scratch, only=""):
    for exporter in (torch_script, torch_dynamo, keras_onnx, tf2onnx_keras):
        for name, size in (KERAS if "keras" in exporter.__name__ else TORCH).items():
            title = f"{name} by {exporter.__name__}"
            if only.lower() not in title.lower():
                continue
            path = scratch / f"{name}.{exporter.__name__}.onnx"
            try:
                with quiet():
                    exporter(name if "keras" in exporter.__name__ else torch_network(name), size, path)
                    case = expected(path, exporter.__name__, 1e-5, title)
                yield case
            except Exception as error:
                words = (str(error).strip().splitlines() or [type(error).__name__])[0]
                print(f"{exporter.__name__:20} {title:45} could not be exported: {words[:120]}")


@contextlib.contextmanager
def quiet():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    kept = [os.dup(1), os.dup(2)]
    silent = os.open(os.devnull, os.O_WRONLY)
    try:
        # Below Python as well: exporters print whole graphs from C++.
        for stream in (1, 2):
            os.dup2(silent, stream)
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        for stream, descriptor in zip((1, 2), kept):
            os.dup2(descriptor, stream)
            os.close(descriptor)
        os.close(silent)


def torch_network(name):
    import torch
    from torchvision_networks import models

    torch.manual_seed(SEED)
    options = {"init_weights": False} if name in ("inception_v3", "googlenet") else {}
    if name in ("inception_v3", "googlenet"):
        options["aux_logits"] = False
    network = getattr(models, name)(**options)
    generator = torch.Generator().manual_seed(SEED)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            for tensor, low, high in ((module.running_mean, -0.2, 0.2), (module.running_var, 0.6, 1.4),
                                      (module.weight.data, 0.8, 1.2), (module.bias.data, -0.2, 0.2)):
                tensor.copy_(torch.rand(tensor.shape, generator=generator) * (high - low) + low)
    return network.eval()


def torch_script(network, size, path):
    import torch

    torch.onnx.export(
        network, torch.zeros(1, 3, size, size), str(path), dynamo=False, opset_version=17,
        input_names=["image"], dynamic_axes={"image": {0: "N"}})


def torch_dynamo(network, size, path):
    import torch

    torch.onnx.export(
        network, (torch.zeros(2, 3, size, size),), str(path), dynamo=True, input_names=["image"],
        dynamic_shapes=({0: torch.export.Dim("N", min=1)},), verbose=False)


def keras_network(name, size, library):
    random = np.random.default_rng(SEED)
    library.utils.set_random_seed(SEED)
    # Logits: ten probabilities of a network that has learnt nothing are all alike.
    network = getattr(library.applications, name)(
        weights=None, input_shape=(size, size, 3), classes=10, classifier_activation=None)
    for layer in network.layers:
        if isinstance(layer, library.layers.BatchNormalization):
            layer.set_weights([
                random.uniform(0.6, 1.4, w.shape) if "variance" in getattr(v, "path", v.name) or "gamma" in v.name
                else random.uniform(-0.2, 0.2, w.shape) for v, w in zip(layer.weights, layer.get_weights())])
    return network


def keras_onnx(name, size, path):
    import keras

    network = keras_network(name, size, keras)
    network(np.zeros((1, size, size, 3), np.float32))
    network.export(str(path), format="onnx", verbose=False)


def tf2onnx_keras(name, size, path):
    import tensorflow as tf
    import tf2onnx
    import tf_keras

    network = keras_network(name, size, tf_keras)
    signature = [tf.TensorSpec((None, size, size, 3), tf.float32, name="image")]
    tf2onnx.convert.from_keras(network, input_signature=signature, opset=15, output_path=str(path))
