"""Runs a Keras layer forward and backward in float64, so that the fixtures carry no rounding but that to float32."""

import quiet_tensorflow  # noqa: F401 (before Keras, which reads the environment)

import keras
import numpy as np
import tensorflow

from layers_fixture import normal

SOURCE = f"keras {keras.__version__}, tensorflow {tensorflow.__version__}, float64"


def differentiate(apply, inputs, parameters, random):
    """`apply()` on variables: its output, a random gradient of it, and what backpropagation makes of that gradient.

    `inputs` and `parameters` are lists of tf.Variable. Returns (output, output gradient, input gradients,
    parameter gradients) as arrays in Keras's layout.
    """
    with tensorflow.GradientTape() as tape:
        output = apply()
    output_gradient = normal(random, *output.shape)
    gradients = tape.gradient(output, [*inputs, *parameters], output_gradients=tensorflow.constant(output_gradient))
    arrays = [np.asarray(gradient) for gradient in gradients]
    return np.asarray(output), output_gradient, arrays[: len(inputs)], arrays[len(inputs) :]


def variable(array):
    return tensorflow.Variable(array, dtype="float64")


def assert_clear_of_kink(before_activation):
    """ReLU's gradient jumps at zero: a number so near it that float32 decides the side would make the test a gamble."""
    nearest = np.abs(before_activation).min()
    assert nearest > 1e-4, f"a number {nearest} from ReLU's kink; choose another case name, which reseeds it"
