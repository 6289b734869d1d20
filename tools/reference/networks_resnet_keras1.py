"""ResNet-50 as keras.applications had it until 2019 (release v0.2 of its weights): arXiv:1512.03385 with epsilon 1e-3, a
max pooling without padding after the stem, and layers named after the authors' Caffe model."""

import quiet_tensorflow  # noqa: F401 (before Keras, which reads the environment)

import tf_keras
from tf_keras import layers

# stage: (filters, blocks)
STAGES = {2: (64, 3), 3: (128, 4), 4: (256, 6), 5: (512, 3)}


def resnet50(size, with_top=False):
    """Inputs [N, size, size, 3]; the last feature map, or 1,000 probabilities."""
    tf_keras.backend.clear_session()
    image = layers.Input((size, size, 3))
    flow = layers.ZeroPadding2D(3)(image)
    flow = layers.Conv2D(64, 7, strides=2, name="conv1")(flow)
    flow = layers.BatchNormalization(name="bn_conv1")(flow)  # Keras's own epsilon: 1e-3
    flow = layers.Activation("relu")(flow)
    flow = layers.MaxPooling2D(3, strides=2, name="max_pooling2d_1")(flow)
    for stage, (filters, blocks) in STAGES.items():
        for index, letter in enumerate("abcdef"[:blocks]):
            strides = 2 if index == 0 and stage > 2 else 1
            flow = block(flow, f"{stage}{letter}", filters, strides, projects=index == 0)
    if with_top:
        # 7×7 at 224, and all there is at other sizes, which the original refuses.
        flow = layers.GlobalAveragePooling2D(name="avg_pool")(flow)
        flow = layers.Dense(1000, activation="softmax", name="fc1000")(flow)
    return tf_keras.Model(image, flow, name="resnet50")


def block(source, name, filters, strides, projects):
    def convolution(flow, branch, filters, kernel=1, strides=1):
        flow = layers.Conv2D(filters, kernel, strides=strides, padding="same", name=f"res{name}_branch{branch}")(flow)
        return layers.BatchNormalization(name=f"bn{name}_branch{branch}")(flow)

    flow = layers.Activation("relu")(convolution(source, "2a", filters, strides=strides))
    flow = layers.Activation("relu")(convolution(flow, "2b", filters, kernel=3))
    flow = convolution(flow, "2c", 4 * filters)
    shortcut = convolution(source, "1", 4 * filters, strides=strides) if projects else source
    return layers.Activation("relu")(layers.Add()([flow, shortcut]))
