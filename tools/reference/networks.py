"""The networks that Graft is compared with, as Keras builds them.

They come from tf-keras (Keras 2): the layer names of SqueezeNet hold '/', which Keras 3 refuses, and Keras 2 still
writes the weights-only HDF5 layout that the networks' weights are published in.
"""

import quiet_tensorflow  # noqa: F401 (before Keras, which reads the environment)

import numpy as np
import tf_keras
from tf_keras import layers

# SqueezeNet 1.1: table 1 of arXiv:1602.07360 with the changes of the authors' version 1.1, in the layer names of its
# Keras 1 port.
# name: (filters of the squeeze, filters of each expand); a maximum pool follows conv1, fire3 and fire5.
FIRES = {
    "fire2": (16, 64), "fire3": (16, 64), "fire4": (32, 128), "fire5": (32, 128),
    "fire6": (48, 192), "fire7": (48, 192), "fire8": (64, 256), "fire9": (64, 256),
}


def squeezenet(size, with_top=False):
    """Inputs [N, size, size, 3], BGR minus the mean; the last feature map (`fire9/concat`), or 1,000 probabilities."""
    image = layers.Input((size, size, 3))
    flow = layers.Conv2D(64, 3, strides=2, name="conv1")(image)
    flow = layers.Activation("relu", name="relu_conv1")(flow)
    flow = layers.MaxPooling2D(3, strides=2, name="pool1")(flow)
    for name, (squeezed, expanded) in FIRES.items():
        flow = fire(flow, name, squeezed, expanded)
        if name in ("fire3", "fire5"):
            flow = layers.MaxPooling2D(3, strides=2, name=f"pool{name[-1]}")(flow)
    if with_top:
        flow = layers.Dropout(0.5, name="drop9")(flow)
        flow = layers.Conv2D(1000, 1, name="conv10")(flow)
        flow = layers.Activation("relu", name="relu_conv10")(flow)
        flow = layers.GlobalAveragePooling2D(name="global_average_pooling2d_1")(flow)
        flow = layers.Activation("softmax", name="loss")(flow)
    return tf_keras.Model(image, flow, name="squeezenet")


def fire(flow, name, squeezed, expanded):
    def convolution(source, part, filters, kernel):
        result = layers.Conv2D(filters, kernel, padding="same", name=f"{name}/{part}")(source)
        return layers.Activation("relu", name=f"{name}/relu_{part}")(result)

    flow = convolution(flow, "squeeze1x1", squeezed, 1)
    expansions = [convolution(flow, "expand1x1", expanded, 1), convolution(flow, "expand3x3", expanded, 3)]
    return layers.Concatenate(name=f"{name}/concat")(expansions)


def application(constructor, size, with_top=False, **options):
    """A network of tf_keras.applications in a fresh session: its layers bear the numbers that Keras gives first."""
    tf_keras.backend.clear_session()
    return numbered_on(constructor, size, with_top, **options)


def numbered_on(constructor, size, with_top=False, **options):
    """The same in the session as it is, so that numbered layers go on from where the networks before ended."""
    build = getattr(tf_keras.applications, constructor)
    return build(include_top=with_top, weights=None, input_shape=(size, size, 3), **options)


def after_another(constructor, size, with_top=False):
    """The same as the second network of a session: `conv2d_94` where the first had `conv2d`."""
    application(constructor, 96)
    return numbered_on(constructor, size, with_top)


def counted_from_one(constructor, size, with_top=False):
    """The same as Keras 1 and early 2 numbered layers, `conv2d_1` first: every name but the last is another layer's in a
    fresh session of today."""
    tf_keras.backend.clear_session()
    source = layers.Input((8, 8, 3))
    for kind in (layers.Conv2D(1, 1), layers.BatchNormalization(), layers.Activation("relu")):
        kind(source)
    return numbered_on(constructor, size, with_top)


def outputs_at(model, names, source, batch=4):
    """What the named layers put out for `source` (NHWC): {name: array}. Two names are no layer's: `logits` is what the
    final softmax reads, `output` what the network puts out."""
    tensors = {"logits": logits, "output": lambda model: model.output}
    wanted = {name: tensors[name](model) if name in tensors else model.get_layer(name).output for name in names}
    extractor = tf_keras.Model(model.input, list(wanted.values()))
    batches = [source[start : start + batch] for start in range(0, len(source), batch)]
    results = [[tensor.numpy() for tensor in as_list(extractor(images, training=False))] for images in batches]
    return dict(zip(wanted, map(np.concatenate, zip(*results))))


def as_list(tensors):
    return tensors if isinstance(tensors, list) else [tensors]


def logits(model):
    """The tensor that the model's final softmax reads."""
    last = model.layers[-1]
    if isinstance(last, layers.Activation):
        return last.input
    without_softmax = layers.Dense(last.units, name="logits")
    result = without_softmax(last.input)
    without_softmax.set_weights(last.get_weights())
    return result
