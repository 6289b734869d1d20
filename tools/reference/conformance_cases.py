"""What is compared: networks, the weight files Graft and Keras both read, sizes, and the tensors looked at."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Callable

import networks
import networks_files
import networks_random
import networks_resnet_keras1

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
            self.weights(networks_random.randomize(self.build(self.sizes[0], self.with_top), SEED), path)
        return path


def of_keras(network, backbone, constructor, sizes, **options):
    """A network of keras.applications: with top and without, as Keras 2 writes files."""
    build = partial(networks.application, constructor, **options)
    full_size = sizes[:1] if network.startswith("VGG") else sizes  # VGG's first dense layer takes one size only
    return [
        Case(network, backbone, build, True, networks_files.save_keras2, "random, Keras 2 layout, with top", full_size,
             ("logits", "output")),
        Case(network, backbone, build, False, networks_files.save_keras2, "random, Keras 2 layout", sizes, ("output",)),
    ]


squeezenet = partial(Case, "SqueezeNet 1.1", "squeezenet", networks.squeezenet)
vgg16 = partial(Case, "VGG-16", "vgg16", partial(networks.application, "VGG16"))
mobilenet_quarter = partial(
    Case, "MobileNet V1, width 0.25", "mobilenet-0.25", partial(networks.application, "MobileNet", alpha=0.25))
early_resnet50 = partial(Case, "ResNet-50 of Keras 1", "resnet50", networks_resnet_keras1.resnet50)
squeezenet_tensors = ("fire2/concat", "pool3", "fire5/concat", "fire9/squeeze1x1", "output")

PUBLISHED = [
    squeezenet(
        False, "squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5", "ImageNet, TensorFlow order", (224, 160),
        squeezenet_tensors),
    squeezenet(
        False, "squeezenet_weights_th_dim_ordering_th_kernels_notop.h5", "ImageNet, Theano order", (224, 160),
        squeezenet_tensors),
    mobilenet_quarter(
        True, "mobilenet_v1_0.25_224_imagenet.h5", "ImageNet, full model", (224, 150),
        ("conv_dw_2", "conv_pw_13_relu", "logits", "output")),
]

# The layouts that files had over the years.
LAYOUTS = [
    squeezenet(
        True, networks_files.save_keras2, "random, Keras 2 layout, with top", (224,),
        ("fire9/concat", "logits", "output")),
    vgg16(
        False, networks_files.save_keras1, "random, Keras 1 layout", (224, 150),
        ("block1_conv1", "block3_pool", "block5_conv3", "output")),
    vgg16(
        True, partial(networks_files.save_keras1, order="theano"), "random, Theano order, with top", (224,),
        ("block1_conv1", "fc1", "logits", "output")),
    Case(
        "ResNet-50", "resnet50", partial(networks.application, "ResNet50"), True, networks_files.save_keras1,
        "random, Keras 1 layout, with top", (224,), ("logits", "output")),
    early_resnet50(
        True, networks_files.save_keras1, "random, Keras 1 layout, with top", (224, 150),
        ("conv1", "max_pooling2d_1", "logits", "output")),
    early_resnet50(False, networks_files.save_keras1, "random, Keras 1 layout", (224, 150), ("output",)),
    Case(
        "ResNet-152", "resnet152", partial(networks.application, "ResNet152"), False, networks_files.save_keras2_split,
        "random, Keras 2 layout, split attributes", (224,), ("output",)),
    Case(
        "Inception-v3", "inceptionv3", partial(networks.application, "InceptionV3"), True,
        networks_files.save_full_model, "random, full model", (299,), ("logits", "output")),
    Case(
        "Inception-v3", "inceptionv3", partial(networks.counted_from_one, "InceptionV3"), True,
        networks_files.save_keras2, "random, layers counted from 1, with top", (299,), ("logits", "output")),
    Case(
        "Inception-v3", "inceptionv3", partial(networks.after_another, "InceptionV3"), False,
        networks_files.save_keras2, "random, layers counted from 94", (203,), ("output",)),
    Case(
        "Xception", "xception", partial(networks.counted_from_one, "Xception"), True,
        networks_files.save_keras2, "random, layers counted from 1, with top", (299,), ("logits", "output")),
    Case(
        "Xception", "xception", partial(networks.after_another, "Xception"), False,
        networks_files.save_keras1, "random, Keras 1 layout, layers counted from 4", (203,), ("output",)),
]

ARCHITECTURES = [
    *of_keras("VGG-16", "vgg16", "VGG16", (224, 150)),
    *of_keras("VGG-19", "vgg19", "VGG19", (224, 150)),
    *of_keras("ResNet-50", "resnet50", "ResNet50", (224, 157)),
    *of_keras("ResNet-101", "resnet101", "ResNet101", (224, 157)),
    *of_keras("ResNet-152", "resnet152", "ResNet152", (224, 157)),
    *of_keras("ResNet-50 V2", "resnet50v2", "ResNet50V2", (224, 157)),
    *of_keras("ResNet-101 V2", "resnet101v2", "ResNet101V2", (224, 157)),
    *of_keras("ResNet-152 V2", "resnet152v2", "ResNet152V2", (224, 157)),
    *of_keras("Inception-v3", "inceptionv3", "InceptionV3", (299, 203)),
    *of_keras("Xception", "xception", "Xception", (299, 203)),
    *of_keras("MobileNet V1", "mobilenet", "MobileNet", (224, 150)),
    *of_keras("MobileNet V1, width 0.5", "mobilenet-0.5", "MobileNet", (224, 157), alpha=0.5),
    *of_keras("MobileNet V1, width 0.25", "mobilenet-0.25", "MobileNet", (224, 150), alpha=0.25),
    *of_keras("MobileNetV2", "mobilenetv2", "MobileNetV2", (224, 150)),
    *of_keras("MobileNetV2, width 0.35", "mobilenetv2-0.35", "MobileNetV2", (224, 157), alpha=0.35),
    *of_keras("MobileNetV2, width 1.4", "mobilenetv2-1.4", "MobileNetV2", (224, 150), alpha=1.4),
]

CASES = [*PUBLISHED, *ARCHITECTURES, *LAYOUTS]
