"""Small networks that between them use every layer and option, written by Keras 3 and tf_keras in all their formats."""

import numpy as np

import quiet_tensorflow  # noqa: F401
import keras
import tensorflow as tf
import tf_keras

import keras_conformance_references as references

LIBRARIES = {"Keras 3": keras, "tf_keras": tf_keras}


def image(library, size=12, channels=3, name="image"):
    return library.Input((size, size, channels), name=name)


def convolutions(library):
    layers, entry = library.layers, image(library)
    value = layers.Conv2D(8, 3, padding="same", activation="relu")(entry)
    value = layers.Conv2D(8, (3, 2), groups=4, use_bias=False)(value)
    value = layers.Conv2D(6, 3, strides=2, padding="same", activation="tanh")(value)
    other = layers.Conv2D(6, (1, 3), dilation_rate=(1, 2), padding="same")(entry)
    other = layers.DepthwiseConv2D(3, strides=2, depth_multiplier=2, padding="same", activation="elu")(other)
    third = layers.SeparableConv2D(5, 3, depth_multiplier=2, padding="valid", activation="sigmoid")(entry)
    third = layers.SeparableConv2D(5, 3, dilation_rate=2, padding="same", use_bias=False)(third)
    third = layers.DepthwiseConv2D((2, 3), use_bias=False, dilation_rate=2)(third)
    return library.Model(entry, [value, other, third])


FUNCTIONS = ["linear", "relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "sigmoid", "hard_sigmoid", "tanh", "softplus",
             "softsign", "swish", "silu", "exponential", "softmax", "mish", "log_softmax"]
KERAS_3_FUNCTIONS = ["hard_swish", "hard_silu", "log_sigmoid", "tanh_shrink", "hard_shrink", "soft_shrink", "celu", "hard_tanh"]


def activations(library):
    layers, entry = library.layers, image(library, 4)
    names = FUNCTIONS + (KERAS_3_FUNCTIONS if library is keras else [])
    results = [layers.Activation(name)(layers.Conv2D(4, 1)(entry)) for name in names]
    slope = "negative_slope" if library is keras else "alpha"
    for layer in [layers.ReLU(), layers.ReLU(6.0), layers.ReLU(1.0, 0.1, 0.2), layers.LeakyReLU(),
                  layers.LeakyReLU(**{slope: 0.05}), layers.ELU(0.7), layers.Softmax(), layers.Softmax(axis=1),
                  layers.PReLU(), layers.PReLU(shared_axes=[1, 2]), layers.PReLU(shared_axes=[3])]:
        results.append(layer(entry))
    results.append(layers.Conv2D(4, 1, activation=layers.LeakyReLU(**{slope: 0.02}))(entry))
    results.append(layers.Dense(5, activation="softmax")(layers.Flatten()(entry)))
    return library.Model(entry, results)


def poolings(library):
    layers, entry = library.layers, image(library, 11)
    results = [layer(entry) for layer in [
        layers.MaxPooling2D(2), layers.MaxPooling2D(3, 2, "same"), layers.MaxPooling2D((2, 3), (1, 2)),
        layers.AveragePooling2D(2), layers.AveragePooling2D(3, 2, "same"), layers.AveragePooling2D(2, 1),
        layers.GlobalAveragePooling2D(), layers.GlobalMaxPooling2D(), layers.GlobalAveragePooling2D(keepdims=True),
        layers.GlobalMaxPooling2D(keepdims=True)]]
    return library.Model(entry, results)


def reshapings(library):
    layers, entry = library.layers, image(library, 6)
    value = layers.ZeroPadding2D(((1, 0), (2, 3)))(layers.ZeroPadding2D((1, 2))(layers.ZeroPadding2D(1)(entry)))
    value = layers.Cropping2D(((1, 0), (2, 1)))(layers.Cropping2D(1)(value))
    results = [value, layers.UpSampling2D((2, 3))(entry), layers.UpSampling2D(2, interpolation="bilinear")(entry),
               layers.Reshape((3, 4, 9))(entry), layers.Reshape((-1, 12))(entry), layers.Reshape((108,))(entry),
               layers.Permute((3, 1, 2))(entry), layers.Permute((2, 1, 3))(entry), layers.Resizing(9, 4)(entry),
               layers.Resizing(4, 9, interpolation="nearest")(entry), layers.CenterCrop(4, 3)(entry),
               layers.Dense(4)(layers.Reshape((36, 3))(entry)), layers.Dense(4, activation="relu")(entry),
               layers.Dense(4)(layers.Flatten()(value))]
    return library.Model(entry, results)


def mergings(library):
    layers, entry = library.layers, image(library, 6)
    one, two, three = [layers.Conv2D(4, 1)(entry) for _ in range(3)]
    excitation = layers.Dense(4, activation="sigmoid")(layers.GlobalAveragePooling2D(keepdims=True)(one))
    vector = layers.Dense(4)(layers.GlobalMaxPooling2D()(one))
    results = [layers.Add()([one, two, three]), layers.Subtract()([one, two]), layers.Multiply()([one, two]),
               layers.Maximum()([one, two]), layers.Minimum()([one, two]), layers.Average()([one, two, three]),
               layers.Concatenate()([one, two, three]), layers.Concatenate(axis=3)([one, two]),
               layers.Concatenate(axis=1)([one, two]), layers.Concatenate(axis=2)([one, two]),
               layers.Multiply()([one, excitation]), layers.Multiply()([two, layers.Reshape((1, 1, 4))(vector)])]
    return library.Model(entry, results)


def normalizations(library):
    layers, entry = library.layers, image(library, 6)
    adapted = layers.Normalization()
    adapted.adapt(np.random.default_rng(1).normal(3, 2, (4, 6, 6, 3)).astype(np.float32))
    value = layers.Conv2D(4, 3)(adapted(entry))
    value = layers.BatchNormalization(scale=False, epsilon=1e-2)(value)
    value = layers.BatchNormalization(center=False)(value)
    value = layers.BatchNormalization(axis=3)(value)
    vector = layers.BatchNormalization(scale=False, center=False)(layers.GlobalAveragePooling2D()(value))
    results = [value, vector, layers.Rescaling(1 / 127.5, -1)(entry), layers.Rescaling([0.5, 2.0, -1.0], [1.0, 0.0, 3.0])(entry),
               layers.Normalization(mean=[1.0, 2.0, 3.0], variance=[4.0, 0.5, 1.0])(entry),
               layers.Normalization(mean=1.0, variance=4.0)(entry)]
    return library.Model(entry, results)


def identities(library):
    layers, entry = library.layers, image(library, 6)
    value = layers.RandomRotation(0.2)(layers.RandomFlip("horizontal")(entry))
    value = layers.RandomContrast(0.1)(layers.RandomTranslation(0.1, 0.1)(layers.RandomZoom(0.2)(value)))
    value = layers.Dropout(0.3)(layers.GaussianNoise(0.2)(layers.Conv2D(4, 3)(value)))
    value = layers.AlphaDropout(0.1)(layers.GaussianDropout(0.1)(layers.SpatialDropout2D(0.2)(value)))
    value = layers.Dropout(0.2, noise_shape=(None, 1, 1, 1))(layers.ActivityRegularization(0.1)(value))
    return library.Model(entry, layers.Dense(2)(layers.Flatten()(layers.RandomBrightness(0.2)(value))))


def backbone(library, name):
    layers = library.layers
    entry = library.Input((8, 8, 3))
    value = layers.BatchNormalization()(layers.Conv2D(4, 3, padding="same", use_bias=False)(entry))
    value = layers.Conv2D(4, 1)(layers.ReLU()(value))
    return library.Model(entry, layers.Add()([value, layers.BatchNormalization()(value)]), name=name)


def nested(library):
    """Models in models, twice called, partly frozen; a shared layer; two inputs and outputs; names that meet."""
    layers = library.layers
    left, right = image(library, 8, name="left"), image(library, 8, name="right")
    twin, frozen = backbone(library, "twin"), backbone(library, "frozen")
    frozen.trainable = False
    frozen_inside = backbone(library, "frozen_inside")
    frozen_inside.layers[2].trainable = False
    head = library.Sequential([layers.GlobalAveragePooling2D(), layers.Dense(5, name="conv2d")], name="head")
    both = layers.Concatenate()([twin(left), twin(right), frozen(left), frozen_inside(right)])
    shared = layers.Conv2D(16, 3, padding="same", name="shared")
    slashed = "inner/conv" if library is tf_keras else "inner_conv"
    deep = library.Sequential([library.Sequential([layers.Conv2D(3, 3, name=slashed), layers.BatchNormalization()]),
                               layers.Flatten(), layers.Dense(4)], name="deep")
    return library.Model([left, right], [head(shared(shared(both))), deep(shared(both))])


def sequence(library):
    layers = library.layers
    return library.Sequential([
        library.Input((10, 10, 1)), layers.Conv2D(4, 3, activation="relu"), layers.BatchNormalization(),
        layers.MaxPooling2D(2), layers.Flatten(), layers.Dense(6, activation="relu"), layers.Dense(3, activation="softmax")])


def functions(library):
    """Arithmetic on tensors instead of layers."""
    entry = image(library, 6)
    value = entry / 127.5 - 1.0
    swapped = value[..., ::-1]
    if library is keras:
        operations = keras.ops
        mean = operations.mean(value, axis=[1, 2], keepdims=True)
        results = [operations.concatenate([operations.relu6(value + 3.0) * (1 / 6.0), -swapped], axis=-1),
                   operations.add(value, mean), 2.0 - value, operations.maximum(value, 0.1), operations.minimum(0.2, value),
                   operations.reshape(value, (-1, 108)), operations.softmax(value), operations.gelu(value),
                   operations.transpose(value, (0, 2, 1, 3)), operations.max(value, axis=(1, 2)), value[:, 1:5, ::2, :2],
                   operations.subtract(value, 1.5), operations.leaky_relu(value, 0.3), operations.square(value),
                   value / (mean + 3.0), operations.clip(value, -0.2, 0.3)]
    else:
        mean = tf.reduce_mean(value, axis=[1, 2], keepdims=True)
        results = [tf.concat([tf.nn.relu6(value + 3.0) * (1 / 6.0), -swapped], axis=-1), tf.add(value, mean), 2.0 - value,
                   tf.maximum(value, 0.1), tf.minimum(value, 0.2), tf.reshape(value, (-1, 108)), tf.nn.softmax(value),
                   tf.nn.gelu(value), tf.transpose(value, (0, 2, 1, 3)), tf.reduce_max(value, axis=(1, 2)),
                   value[:, 1:5, ::2, :2], tf.nn.bias_add(value, [1.0, 2.0, 3.0]), tf.nn.leaky_relu(value, 0.3),
                   tf.square(value), value / (mean + 3.0), tf.clip_by_value(value, -0.2, 0.3)]
    return library.Model(entry, results)


MODELS = [convolutions, activations, poolings, reshapings, mergings, normalizations, identities, nested, sequence, functions]


class Written:
    """A model, filled and written in one format when it is asked for."""

    def __init__(self, title, library, build, suffix, scratch):
        stem = f"{build.__name__}_{title.replace(' ', '_').lower()}"
        self.title, self.generation, self.build = title, library, build
        self.path = scratch / (stem + suffix)
        # Weights alone need the configuration beside them.
        self.configuration = scratch / f"{stem}.json" if suffix == ".weights.h5" else None

    def reference(self):
        self.generation.utils.set_random_seed(3)
        model = self.build(self.generation)
        references.fill(model)
        if self.configuration:
            self.configuration.write_text(model.to_json())
            model.save_weights(self.path)
        else:
            model.save(self.path)
        return references.outputs(self.title, model)


def cases(scratch):
    for build in MODELS:
        for title, library in LIBRARIES.items():
            for suffix in (".h5", ".keras", ".weights.h5"):
                # Keras itself cannot write these.
                if (build, title, suffix) in ((identities, "Keras 3", ".h5"), (functions, "tf_keras", ".keras")):
                    continue
                written = Written(title, library, build, suffix, scratch)
                yield references.Case("own", written.path.name, written.path, written.reference, written.configuration)
