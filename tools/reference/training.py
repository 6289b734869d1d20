"""Holds whole networks' gradients, and their weights after five steps of SGD, against Keras in float64. Run it through
tools/conformance --training, which prepares all."""

import math
import subprocess
import sys
from dataclasses import dataclass
from functools import partial

import numpy as np
from safetensors.numpy import load_file

import conformance_table
import networks
import networks_files
import networks_random
import training_keras

TOLERANCE = 1e-3
# Of a smaller change of a weight, relative to its magnitude, float32 keeps less than three digits.
CHANGE = 1e-4
STEPS, MOMENTUM, BATCH, CLASSES = 5, 0.9, 4, 1000
# What the rate of a network is multiplied by: random weights with statistics put wrong have steep gradients where nothing
# normalises by the batch.
POLICIES = {"train": 1.0, "affine": 0.1}
SEED = 22
# Network, Graft's name, Keras's, side of the images, learning rate. The rates are such that five steps change the loss and
# still carry no ReLU's input past zero: Inception-v3's last maps are 1×1 here, and four images make unsteady statistics.
NETWORKS = [
    ("ResNet-50", "resnet50", "ResNet50", 64, 1e-4),
    ("Inception-v3", "inceptionv3", "InceptionV3", 96, 1e-5),
    ("Xception", "xception", "Xception", 96, 1e-4),
]


@dataclass(frozen=True)
class Worst:
    """The largest relative difference of any tensor of a kind."""

    difference: float = 0.0
    name: str = ""
    count: int = 0

    def including(self, difference, name):
        worst = max((self.difference, self.name), (difference, name))
        return Worst(*worst, self.count + 1)

    def __str__(self):
        return f"{self.difference:.1e} (`{self.name}`)"


def compare(tool, only, scratch):
    """A row of the table for each network and each way to treat its normalisations; whether all agree."""
    rows, passes = [], True
    for network, backbone, constructor, size, rate in NETWORKS:
        if only.lower() not in network.lower():
            continue
        random = np.random.default_rng(SEED)
        weights, source, labels = scratch / "weights.h5", scratch / "input.npy", scratch / "labels.npy"
        images = (random.standard_normal((BATCH, size, size, 3))).astype(np.float32)
        classes = random.integers(0, CLASSES, BATCH)
        np.save(source, images)
        np.save(labels, classes)
        for policy, factor in POLICIES.items():
            model = networks.application(constructor, size, with_top=True)
            networks_random.randomize(model, SEED, logit_scale=1.0, images=images, uses_batch=policy == "train")
            networks_files.save_keras2(model, weights)
            expected = training_keras.trace(constructor, size, weights, images, classes, policy == "train", STEPS,
                                            rate * factor, MOMENTUM)
            found = graft(tool, backbone, weights, source, labels, policy, rate * factor,
                          scratch / "found.safetensors")
            agreement = judge(found, expected)
            passes = passes and agreement.passes
            rows.append(agreement.row(network, size, policy, rate * factor))
            print(rows[-1], file=sys.stderr, flush=True)
    return rows, passes


def graft(tool, backbone, weights, source, labels, policy, rate, output):
    subprocess.run([tool, "--backbone", backbone, "--weights", weights, "--input", source, "--labels", labels,
                    "--batch-norm", policy, "--steps", str(STEPS), "--lr", str(rate),
                    "--momentum", str(MOMENTUM), "--output", output], check=True)
    return load_file(output)


@dataclass(frozen=True)
class Agreement:
    gradients: Worst
    zeros: Worst
    weights: Worst
    changes: Worst
    statistics: Worst

    @property
    def passes(self):
        judged = (self.gradients, self.zeros, self.weights, self.statistics)
        return all(worst.difference <= TOLERANCE for worst in judged)

    def row(self, network, size, policy, rate):
        zeros = f"{self.zeros.count}: {self.zeros}" if self.zeros.count else "none"
        statistics = self.statistics if policy == "train" else f"{self.statistics.difference:.1e}"
        cells = [network, f"{BATCH} × {size} × {size}", policy, f"{rate:.0e}", f"{self.gradients.count}: {self.gradients}", zeros,
                 f"{self.weights.count}: {self.weights}", f"{self.changes.count}: {self.changes}", f"{self.statistics.count}: {statistics}",
                 "pass" if self.passes else "FAIL"]
        return "| " + " | ".join(map(str, cells)) + " |"


def judge(found, expected):
    missing = {name for name in expected if not name.startswith("start/")} ^ set(found)
    if missing:
        raise SystemExit(f"training: only one of Graft and Keras has {sorted(missing)[:5]}")
    gradients, zeros, weights, changes, statistics = (Worst() for _ in range(5))
    for name in expected:
        kind, _, parameter = name.partition("/")
        difference = partial(relative, found.get(name), expected[name])
        if kind == "gradient":
            scale = scale_of_layer(expected, parameter)
            if np.abs(expected[name]).max() < 1e-9 * scale:
                zeros = zeros.including(difference(scale), parameter)
            else:
                gradients = gradients.including(difference(), parameter)
        elif kind == "parameter":
            if "/moving_" in name:
                statistics = statistics.including(difference(), parameter)
                continue
            weights = weights.including(difference(), parameter)
            change = np.abs(expected[name] - expected[f"start/{parameter}"]).max()
            if change > CHANGE * np.abs(expected[name]).max():
                changes = changes.including(difference(change), parameter)
    return Agreement(gradients, zeros, weights, changes, statistics)


def relative(found, expected, scale=None):
    """The largest |difference| over the largest magnitude, or over `scale`; infinite where either holds a NaN."""
    if found.shape != expected.shape:
        raise SystemExit(f"training: a tensor of the shape {found.shape} where Keras has {expected.shape}")
    ratio = float(np.abs(found.astype(np.float64) - expected).max() / (scale or np.abs(expected).max()))
    return math.inf if math.isnan(ratio) else ratio


def scale_of_layer(expected, parameter):
    """What a gradient must be nothing beside to count as zero: that of its layer's kernel, or where the layer has none the
    middle one of its kind."""
    layer, _, role = parameter.rpartition("/")
    largest = {name: float(np.abs(array).max()) for name, array in expected.items() if name.startswith("gradient/")}
    kernels = [number for name, number in largest.items() if name.startswith(f"gradient/{layer}/") and "kernel" in name]
    return max(kernels) if kernels else float(np.median([largest[name] for name in largest if name.endswith(f"/{role}")]))


def markdown(rows):
    return "\n".join([
        f"{conformance_table.versions()}, in float64; cross-entropy of {CLASSES} classes, seeded random weights and "
        f"images, {STEPS} steps of SGD with momentum {MOMENTUM} on one batch. Largest difference "
        f"over the tensor's largest magnitude, and the tensor that it is of; at most {TOLERANCE:.0e} passes.",
        "Normalisations that `train` use the batch's statistics and move their own; with `affine` they use their own. A "
        "gradient that is zero by its nature (what adds a constant before such a normalisation) is measured by its layer's "
        "kernel's, or by the middle one of its kind. "
        f"The change is what the steps did to a weight, where that is more than {CHANGE:.0e} of it; reported, not judged.",
        "The reference keeps the inputs of ReLUs away from zero and the maxima of poolings apart: where they are not, "
        "rounding decides where a gradient goes, in any program, and single channels differ by percents.",
        "",
        "| network | batch | normalisations | rate | gradients | gradients that are zero | weights after the steps | "
        "their change | moving statistics | verdict |",
        "|---|---|---|---|---|---|---|---|---|---|",
        *rows,
    ])
