"""Keras with TensorFlow: forward passes or training steps of one network."""

import keras_networks as networks

import keras
import tensorflow as tf

import timing


def main():
    options = timing.options(__doc__)
    networks.prepare(options.threads, options.precision)
    model = networks.network(options.network)
    count = networks.parameters(model)
    size = timing.SIZES[options.network]
    images = tf.random.normal((options.batch, size, size, 3))
    make = forward if options.scope == "forward" else training
    timing.report(make(model, images, options), options, parameters=count)


def forward(model, images, options):
    compiled = tf.function(lambda source: model(source, training=False), jit_compile=options.compiled)
    return lambda: compiled(images).numpy()


def training(model, images, options):
    networks.train_only(model, options.scope)
    labels = tf.random.uniform((options.batch,), 0, timing.CLASSES, dtype=tf.int32)
    model.compile(
        keras.optimizers.SGD(timing.LEARNING_RATE, momentum=timing.MOMENTUM),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=options.compiled or "auto")
    return lambda: model.train_on_batch(images, labels)


if __name__ == "__main__":
    main()
