"""Writes cross_entropy.json (PyTorch) and metrics.json (scikit-learn) to Tests/GraftLearningTests/Fixtures.

Run from anywhere: .venv-reference/bin/python tools/reference/training_fixtures.py
"""

import json
import pathlib

import numpy as np
import sklearn
import torch
from sklearn.metrics import accuracy_score, confusion_matrix, top_k_accuracy_score

FIXTURES = pathlib.Path(__file__).parents[2] / "Tests/GraftLearningTests/Fixtures"


def write(name, value):
    path = FIXTURES / name
    path.write_text(json.dumps(value) + "\n")
    print(name, path.stat().st_size, "bytes")


def cross_entropy(title, logits, labels):
    """Reference values in float64, from logits that are exact in float32."""
    logits = np.asarray(logits, dtype=np.float32)
    scores = torch.tensor(logits, dtype=torch.float64, requires_grad=True)
    targets = torch.tensor(labels)
    losses = torch.nn.functional.cross_entropy(scores, targets, reduction="none")
    mean = torch.nn.functional.cross_entropy(scores, targets)
    mean.backward()
    return dict(
        title=title, samples=logits.shape[0], classes=logits.shape[1], labels=list(map(int, labels)),
        logits=logits.astype(float).ravel().tolist(), mean=mean.item(), losses=losses.tolist(),
        gradient=scores.grad.ravel().tolist())


def main():
    generator = np.random.default_rng(4711)
    write("cross_entropy.json", dict(torch=torch.__version__, cases=[
        cross_entropy("ordinary logits", generator.normal(size=(6, 5)) * 3, generator.integers(0, 5, size=6)),
        cross_entropy("two classes", generator.normal(size=(4, 2)), [0, 1, 1, 0]),
        cross_entropy("extreme logits", [
            [1e4, -1e4, 0], [1e4, -1e4, 0], [-1e4, -1e4, -1e4], [1e4, 1e4, 1e4], [1e4, 1e4 - 1, 9e3]],
            [0, 1, 2, 0, 1]),
        cross_entropy("one sample of one class", [[3.5]], [0]),
    ]))

    samples, classes = 40, 6
    scores = generator.normal(size=(samples, classes)).astype(np.float32)
    labels = generator.integers(0, classes, size=samples)
    scores[np.arange(samples), labels] += 0.8
    predictions = scores.argmax(axis=1)
    write("metrics.json", dict(
        sklearn=sklearn.__version__, samples=samples, classes=classes, scores=scores.astype(float).ravel().tolist(),
        labels=labels.tolist(), predictions=predictions.tolist(), top1=float(accuracy_score(labels, predictions)),
        top3=float(top_k_accuracy_score(labels, scores, k=3, labels=range(classes))),
        confusion=confusion_matrix(labels, predictions, labels=range(classes)).tolist()))


main()
