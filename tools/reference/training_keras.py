"""A network's gradients, and its weights after some steps of SGD, as Keras computes them in float64.

In float64 the reference's own rounding is nothing beside what is looked for. Keras's fused normalisation knows no float64;
the one that stands in moves the moving variance by the biased variance of the batch, as Keras 3 does and as Graft does
unless told otherwise.
"""

import quiet_tensorflow  # noqa: F401 (before Keras, which reads the environment)

import contextlib

import numpy as np
import tensorflow as tf
import tf_keras

import networks


@contextlib.contextmanager
def double_precision():
    tf_keras.backend.set_floatx("float64")
    try:
        yield
    finally:
        tf_keras.backend.set_floatx("float32")


def trace(constructor, size, weights, images, labels, trains_statistics, steps, learning_rate, momentum):
    """{name: array} in Graft's names and layout: `gradient/…`, `parameter/…`, `loss`, `logits/…`, and `start/…`.

    Momentum as in PyTorch: v ← momentum · v + g, w ← w − rate · v.
    """
    with double_precision():
        model = networks.application(constructor, size, with_top=True)
        model.load_weights(weights)
        assert not any(getattr(layer, "fused", False) for layer in model.layers)
        model.layers[-1].activation = tf_keras.activations.linear
        numbers = {f"start/{name}": array for name, array in parameters(model).items()}
        numbers["logits/evaluation"] = model(images, training=False).numpy()
        velocities = [np.zeros(variable.shape) for variable in model.trainable_variables]
        losses = []
        for step in range(steps):
            with tf.GradientTape() as tape:
                logits = model(images, training=trains_statistics)
                loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits))
            gradients = [gradient.numpy() for gradient in tape.gradient(loss, model.trainable_variables)]
            losses.append(loss.numpy())
            if step == 0:
                numbers["logits/training"] = logits.numpy()
                by_variable = {variable.ref(): array for variable, array in zip(model.trainable_variables, gradients)}
                for name, variable in named_variables(model):
                    if variable.ref() in by_variable:
                        numbers[f"gradient/{name}"] = in_graft_layout(name, by_variable[variable.ref()])
            for index, (variable, gradient) in enumerate(zip(model.trainable_variables, gradients)):
                velocities[index] = momentum * velocities[index] + gradient
                variable.assign_sub(learning_rate * velocities[index])
        numbers["loss"] = np.array(losses)
        numbers |= {f"parameter/{name}": array for name, array in parameters(model).items()}
    return numbers


def named_variables(model):
    """(`conv1_conv/kernel`, variable) for all weights."""
    for layer in model.layers:
        for variable in layer.weights:
            yield f"{layer.name}/{variable.name.split('/')[-1].removesuffix(':0')}", variable


def parameters(model):
    return {name: in_graft_layout(name, variable.numpy()) for name, variable in named_variables(model)}


def in_graft_layout(name, array):
    """Kernels [H, W, I, O] as [O, I, H, W]; depthwise ones [H, W, I, M] as [I · M, 1, H, W]; dense [I, O] as [O, I]."""
    if name.endswith("/depthwise_kernel"):
        height, width, inputs, multiplier = array.shape
        return array.transpose(2, 3, 0, 1).reshape(inputs * multiplier, 1, height, width)
    if array.ndim == 4:
        return array.transpose(3, 2, 0, 1)
    return array.T if array.ndim == 2 else array
