"""What is compared: networks, the weight files Graft and Keras both read, sizes, and the tensors looked at."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Callable

import networks
import networks_files

SEED = 20


@dataclass(frozen=True)
class Case:
    """One weight file at one or more sizes. `tensors` are layers' names; `output` and `logits` are as in
    `networks.outputs_at`. `weights` is a file's name among the real ones, or a function that writes one to a path."""

    network: str
    backbone: str
    build: Callable
    with_top: bool
    weights: str | Callable
    weights_title: str
    sizes: tuple[int, ...]
    tensors: tuple[str, ...]

    def model(self, size, path):
        """The network with the file's weights."""
        model = self.build(size, self.with_top)
        networks_files.load_by_name(model, path)
        return model

    def weights_path(self, real_weights: Path, scratch: Path, number: int):
        if isinstance(self.weights, str):
            return real_weights / self.weights
        path = scratch / f"weights{number}.h5"
        if not path.exists():
            self.weights(networks.randomize(self.build(self.sizes[0], self.with_top), SEED), path)
        return path


squeezenet = partial(Case, "SqueezeNet 1.1", "squeezenet", networks.squeezenet)
vgg16 = partial(Case, "VGG-16", "vgg16", networks.vgg16)
squeezenet_tensors = ("fire2/concat", "pool3", "fire5/concat", "fire9/squeeze1x1", "output")

CASES = [
    squeezenet(
        False, "squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5", "ImageNet, TensorFlow order", (224, 160),
        squeezenet_tensors),
    squeezenet(
        False, "squeezenet_weights_th_dim_ordering_th_kernels_notop.h5", "ImageNet, Theano order", (224, 160),
        squeezenet_tensors),
    squeezenet(
        True, networks_files.save_keras2, "random, Keras 2 layout, with top", (224,),
        ("fire9/concat", "logits", "output")),
    vgg16(
        False, networks_files.save_keras1, "random, Keras 1 layout", (224, 128),
        ("block1_conv1", "block3_pool", "block5_conv3", "output")),
    vgg16(
        True, networks_files.save_keras2, "random, Keras 2 layout, with top", (224,),
        ("block3_pool", "fc1", "logits", "output")),
    vgg16(
        True, partial(networks_files.save_keras1, order="theano"), "random, Theano order, with top", (224,),
        ("block1_conv1", "fc1", "logits", "output")),
]
