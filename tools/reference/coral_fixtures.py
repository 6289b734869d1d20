"""Writes Tests/GraftLearningTests/Fixtures/coral.json: Deep CORAL's loss and gradients by PyTorch's autograd in float64, with the
covariances as equations 2 and 3 of arXiv:1607.01719 have them.

Numbers that go in are exact in float32. Run from anywhere: .venv-reference/bin/python tools/reference/coral_fixtures.py
"""

import json
import pathlib

import numpy as np
import torch

OUTPUT = pathlib.Path(__file__).parents[2] / "Tests/GraftLearningTests/Fixtures/coral.json"
generator = np.random.default_rng(1607)


def covariance(features):
    count = len(features)
    ones = torch.ones(1, count, dtype=torch.float64)
    sums = ones @ features
    return (features.T @ features - sums.T @ sums / count) / (count - 1)


def case(title, source_count, target_count, width, shift=0.0, spread=1.0):
    def drawn(count, offset, scale):
        numbers = (generator.standard_normal((count, width)) * scale + offset).astype(np.float32)
        return torch.tensor(numbers, dtype=torch.float64, requires_grad=True)

    source, target = drawn(source_count, 0, 1), drawn(target_count, shift, spread)
    loss = ((covariance(source) - covariance(target)) ** 2).sum() / (4 * width**2)
    loss.backward()
    return dict(
        title=title, width=width, source=source.detach().ravel().tolist(), target=target.detach().ravel().tolist(),
        loss=loss.item(), sourceGradient=source.grad.ravel().tolist(), targetGradient=target.grad.ravel().tolist())


cases = [
    case("as many of each", 6, 6, 4), case("fewer images than features", 3, 5, 12, spread=2.0),
    case("more images than features", 20, 9, 3, shift=5.0), case("far from zero", 8, 7, 5, shift=100.0, spread=0.5),
]
OUTPUT.write_text(json.dumps(dict(source=f"torch {torch.__version__}", cases=cases)) + "\n")
