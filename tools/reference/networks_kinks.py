"""Moves the inputs of ReLUs away from zero and those of maximum poolings away from each other, so that a gradient does not
hang on the rounding of a single number."""

import numpy as np
import tensorflow as tf
from tf_keras import layers

# How far a channel may be moved, in its standard deviations.
REACH = 0.3
# How near to each other, in standard deviations of the map, the two greatest numbers of a window may be.
TIE = 3e-5


def clear(source, values):
    """Shifts the beta of the normalisation that ends in `source`, the layer before a ReLU, channel by channel, so that no
    number comes to lie near zero. `values` ({layer: its output}) are shifted along."""
    normalization = source
    if isinstance(source, layers.Add):
        feeds = [tensor._keras_history.layer for tensor in source.input]
        normalization = next((feed for feed in feeds if isinstance(feed, layers.BatchNormalization)), None)
    if not isinstance(normalization, layers.BatchNormalization):
        return
    shifts = shifts_to_gaps(values[source.name])
    normalization.beta.assign_add(shifts)
    for name in {source.name, normalization.name}:
        values[name] = values[name] + shifts.astype(np.float32)


def shifts_to_gaps(numbers):
    """For each channel, the last axis, the shift within reach that leaves its numbers farthest from zero: one that brings
    the middle of a gap to zero, or as far as may be to either side."""
    columns = np.sort(numbers.reshape(-1, numbers.shape[-1]).astype(np.float64), axis=0)
    middles, gaps = (columns[1:] + columns[:-1]) / 2, np.diff(columns, axis=0)
    reach = REACH * columns.std(axis=0)
    inside = np.where(np.abs(middles) <= reach, gaps, -1.0)
    widest = inside.argmax(axis=0)[None]
    shifts = np.stack([-np.take_along_axis(middles, widest, axis=0)[0], reach, -reach])
    margins = np.stack([np.take_along_axis(inside, widest, axis=0)[0] / 2,
                        *(np.abs(columns + shift).min(axis=0) for shift in (reach, -reach))])
    return np.take_along_axis(shifts, margins.argmax(axis=0)[None], axis=0)[0]


def separate(normalization, pooling, values, random):
    """Draws the last kernel of the convolution before `normalization` anew for those channels in which two numbers compete
    for the maximum of a window of `pooling`. A positive gamma leaves their order as it is."""
    convolution = normalization.input._keras_history.layer
    source = values[convolution.input._keras_history.layer.name]
    for _ in range(20):
        tied = nearest_rivals(values[convolution.name], pooling) < TIE * values[convolution.name].std()
        if not tied.any():
            return
        *others, kernel = convolution.get_weights()
        fresh = random.standard_normal(kernel.shape).astype(np.float32) * kernel.std()
        kernel[..., tied] = fresh[..., tied]
        convolution.set_weights([*others, kernel])
        values[convolution.name] = convolution(source).numpy()
    raise RuntimeError(f"{convolution.name}: windows of {pooling.name} keep having two maxima")


def nearest_rivals(numbers, pooling):
    """For each channel, the least distance between the two greatest numbers of a window."""
    positive = numbers - numbers.min() + 1  # padding, which is zero, never wins
    patches = tf.image.extract_patches(
        positive, [1, *pooling.pool_size, 1], [1, *pooling.strides, 1], [1, 1, 1, 1], pooling.padding.upper()).numpy()
    windows = np.sort(patches.reshape(-1, pooling.pool_size[0] * pooling.pool_size[1], numbers.shape[-1]), axis=1)
    return (windows[:, -1] - windows[:, -2]).min(axis=0)
