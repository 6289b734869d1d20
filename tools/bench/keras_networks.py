"""The networks of keras.applications with a dense layer on top, and what of them trains."""

import os

# Read when TensorFlow and Keras load.
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras
import numpy as np
import tensorflow as tf

from timing import CLASSES, SIZES

CONSTRUCTORS = {"resnet50": "ResNet50", "vgg16": "VGG16", "inceptionv3": "InceptionV3", "xception": "Xception"}


def prepare(threads, precision):
    """To be called before the first tensor."""
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    if precision == "bf16":
        keras.mixed_precision.set_global_policy("mixed_bfloat16")


def backbone(name):
    """Random weights, pooled features [N, C]."""
    build = getattr(keras.applications, CONSTRUCTORS[name])
    return build(weights=None, include_top=False, pooling="avg", input_shape=(SIZES[name], SIZES[name], 3))


def network(name):
    """The logits in float32, as mixed precision wants them."""
    base = backbone(name)
    return keras.Model(base.input, keras.layers.Dense(CLASSES, dtype="float32")(base.output))


def train_only(model, scope):
    """Freezes what `scope` does not train. A frozen normalisation uses its moving statistics in training, too."""
    for layer in model.layers[:-1]:
        layer.trainable = scope == "all" or (scope == "last" and layer.name.startswith("conv5_"))
    return model


def parameters(model):
    """How many numbers train when everything does: moving statistics are none of them."""
    return sum(int(np.prod(variable.shape)) for variable in model.trainable_variables)
