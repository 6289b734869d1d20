"""Writes Tests/GraftLearningTests/Fixtures/losses.json: PyTorch's and torchvision's losses and their gradients in float64.

Numbers that go in are exact in float32. Run from anywhere: .venv-reference/bin/python tools/reference/losses_fixtures.py
"""

import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

import torchvision_networks  # noqa: F401
from torchvision.ops import sigmoid_focal_loss

OUTPUT = pathlib.Path(__file__).parents[2] / "Tests/GraftLearningTests/Fixtures/losses.json"
generator = np.random.default_rng(9173)


def float32(values):
    return np.asarray(values, dtype=np.float32)


def tensor(values):
    return torch.tensor(float32(values), dtype=torch.float64)


def flat(values):
    return np.asarray(values, dtype=float).ravel().tolist()


def case(title, loss, outputs, kind, targets, losses, weights=None, loss_weights=None, teacher=None, divisors=None):
    """`losses` gives each image's loss, and the mean divides by `divisors`, 1 for each image where none are given."""
    outputs = tensor(outputs).requires_grad_()
    each = losses(outputs)
    images = torch.ones(len(each), dtype=torch.float64) if weights is None else tensor(weights)
    divisors = torch.ones_like(images) if divisors is None else divisors
    mean = (each * images).sum() / (divisors * images).sum()
    mean.backward()
    return dict(
        title=title, loss=loss, rows=outputs.shape[0], width=outputs.shape[1], outputs=flat(outputs.detach()), kind=kind,
        targets=flat(targets), weights=None if weights is None else flat(float32(weights)),
        lossWeights=None if loss_weights is None else flat(float32(loss_weights)),
        teacher=None if teacher is None else flat(float32(teacher)),
        losses=flat(each.detach()), mean=mean.item(), gradient=flat(outputs.grad))


def cross_entropy(title, outputs, targets, smoothing=0.0, class_weights=None, weights=None):
    classes = np.ndim(targets) == 1
    truth = torch.tensor(np.asarray(targets)) if classes else tensor(targets)
    class_tensor = None if class_weights is None else tensor(class_weights)
    options = dict(weight=class_tensor, label_smoothing=smoothing)
    divisors = class_tensor[truth] if classes and class_weights is not None else None
    result = case(
        title, f"cross-entropy:smoothing={smoothing}", outputs, "classes" if classes else "distributions",
        targets, lambda x: F.cross_entropy(x, truth, reduction="none", **options), weights, class_weights, divisors=divisors)
    if weights is None:
        # The mean is PyTorch's own.
        own = F.cross_entropy(tensor(outputs), truth, **options).item()
        assert abs(own - result["mean"]) < 1e-12 * max(1, abs(own)), title
    return result


def softmax_focal(title, outputs, targets, gamma, class_weights=None):
    classes = np.ndim(targets) == 1
    width = np.shape(outputs)[1]
    truth = F.one_hot(torch.tensor(targets), width).double() if classes else tensor(targets)
    factors = torch.ones(width, dtype=torch.float64) if class_weights is None else tensor(class_weights)

    def losses(x):
        logs = F.log_softmax(x, dim=1)
        return -(factors * truth * (1 - logs.exp()) ** gamma * logs).sum(dim=1)

    divisors = factors[torch.tensor(targets)] if classes else None
    return case(title, f"focal:gamma={gamma}", outputs, "classes" if classes else "distributions", targets, losses,
                loss_weights=class_weights, divisors=divisors)


def sigmoid_focal(title, outputs, targets, gamma, alpha, weights=None):
    text = f"focal:gamma={gamma}" + (f",alpha={alpha}" if alpha >= 0 else "")
    return case(
        title, text, outputs, "labels", targets,
        lambda x: sigmoid_focal_loss(x, tensor(targets), alpha=alpha, gamma=gamma).mean(dim=1), weights)


def binary(title, outputs, targets, positive_weights=None, weights=None):
    factors = None if positive_weights is None else tensor(positive_weights)
    return case(
        title, "bce", outputs, "labels", targets,
        lambda x: F.binary_cross_entropy_with_logits(x, tensor(targets), pos_weight=factors, reduction="none").mean(dim=1),
        weights, positive_weights)


def values(title, text, function, outputs, targets, weights=None):
    return case(title, text, outputs, "values", targets,
                lambda x: function(x, tensor(targets), reduction="none").mean(dim=1), weights)


def distillation(title, outputs, targets, teacher, temperature, alpha, smoothing=0.0, weights=None):
    truth = torch.tensor(targets)
    lesson = F.log_softmax(tensor(teacher) / temperature, dim=1)

    def losses(x):
        soft = F.kl_div(F.log_softmax(x / temperature, dim=1), lesson, reduction="none", log_target=True).sum(dim=1)
        hard = F.cross_entropy(x, truth, reduction="none", label_smoothing=smoothing)
        return alpha * temperature ** 2 * soft + (1 - alpha) * hard

    return case(title, f"distillation:temperature={temperature},alpha={alpha},smoothing={smoothing}", outputs, "classes",
                targets, losses, weights, teacher=teacher)


def main():
    rows, width = 6, 5
    logits = float32(generator.normal(size=(rows, width)) * 3)
    classes = generator.integers(0, width, size=rows)
    distributions = float32(generator.dirichlet(np.ones(width), size=rows))
    distributions[0] = [0, 0.25, 0, 0.75, 0]
    labels = (generator.uniform(size=(rows, width)) < 0.4).astype(np.float32)
    uncertain = float32(generator.uniform(size=(rows, width)))
    factors = float32([0.5, 2, 1, 3, 0.25])
    weights = float32([1, 0.5, 0, 2, 0.25, 3])
    extreme = float32([[1e4, -1e4, 0], [1e4, -1e4, 0], [-1e4, -1e4, -1e4], [1e4, 1e4, 1e4], [1e4, 1e4 - 1, 9e3]])
    extreme_classes = np.array([0, 1, 2, 0, 1])
    extreme_labels = float32([[1, 0, 1], [0, 1, 0], [1, 0, 0], [0, 0, 1], [1, 1, 1]])
    truths = float32(generator.normal(size=(rows, width)) * 2)
    differences = generator.normal(size=(rows, width))
    # None near the kink of an absolute value, where finite differences say nothing, but for one on it.
    near = float32(truths + np.copysign(np.maximum(np.abs(differences), 0.05), differences))
    near[0, 0] = truths[0, 0]
    teacher = float32(generator.normal(size=(rows, width)) * 4)
    cases = [
        cross_entropy("cross-entropy", logits, classes),
        cross_entropy("cross-entropy with label smoothing", logits, classes, smoothing=0.1),
        cross_entropy("cross-entropy with class weights", logits, classes, class_weights=factors),
        cross_entropy("cross-entropy with smoothing, class weights and image weights", logits, classes, 0.2, factors, weights),
        cross_entropy("cross-entropy with distributions", logits, distributions),
        cross_entropy("cross-entropy with distributions, smoothing and class weights", logits, distributions, 0.3, factors),
        cross_entropy("cross-entropy with extreme logits and smoothing", extreme, extreme_classes, 0.1, [1, 2, 3]),
        softmax_focal("focal loss for classes", logits, classes, 2.0),
        softmax_focal("focal loss for classes with class weights", logits, classes, 1.5, factors),
        softmax_focal("focal loss for classes with a small gamma", logits, classes, 0.5),
        softmax_focal("focal loss for distributions", logits, distributions, 2.0, factors),
        softmax_focal("focal loss for classes with extreme logits", extreme, extreme_classes, 2.0),
        sigmoid_focal("focal loss for labels", logits, labels, 2.0, 0.25),
        sigmoid_focal("focal loss for labels without alpha, weighted", logits, labels, 1.5, -1, weights),
        sigmoid_focal("focal loss for uncertain labels", logits, uncertain, 0.5, 0.75),
        sigmoid_focal("focal loss for labels with extreme logits", extreme, extreme_labels, 2.0, 0.25),
        binary("binary cross-entropy", logits, labels),
        binary("binary cross-entropy with positive weights, weighted", logits, labels, factors, weights),
        binary("binary cross-entropy with uncertain labels and positive weights", logits, uncertain, factors),
        binary("binary cross-entropy with extreme logits", extreme, extreme_labels),
        values("mean squared error", "mse", F.mse_loss, near, truths),
        values("mean squared error, weighted", "mse", F.mse_loss, near, truths, weights),
        values("mean absolute error", "mae", F.l1_loss, near, truths),
        values("Huber loss", "huber", F.huber_loss, near, truths),
        values("Huber loss with another delta, weighted", "huber:delta=0.25",
               lambda x, t, reduction: F.huber_loss(x, t, delta=0.25, reduction=reduction), near, truths, weights),
        values("mean squared error of extreme values", "mse", F.mse_loss, extreme, -extreme),
        values("Huber loss of extreme values", "huber", F.huber_loss, extreme, -extreme),
        distillation("distillation", logits, classes, teacher, 4.0, 0.9),
        distillation("distillation with smoothing, weighted", logits, classes, teacher, 2.5, 0.5, 0.1, weights),
        distillation("distillation with extreme logits", extreme, extreme_classes, extreme[::-1].copy(), 2.0, 0.7),
    ]
    OUTPUT.write_text(json.dumps(dict(torch=torch.__version__, cases=cases)) + "\n")
    print(OUTPUT.name, OUTPUT.stat().st_size, "bytes")


main()
