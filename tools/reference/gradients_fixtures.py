"""Writes Tests/GraftLearningTests/Fixtures/gradients.json: gradient clipping, L2-SP and averages of weights, in torch.

Run from anywhere: .venv-reference/bin/python tools/reference/gradients_fixtures.py
"""

import json
import pathlib

import numpy as np
import torch
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

OUTPUT = pathlib.Path(__file__).parents[2] / "Tests/GraftLearningTests/Fixtures/gradients.json"
generator = np.random.default_rng(77)


def random(*shape, scale=1.0):
    return (generator.normal(size=shape) * scale).astype(np.float32)


def flat(values):
    return np.asarray(values, dtype=float).ravel().tolist()


def clipping(title, gradients, norm=None, value=None):
    parameters = [torch.nn.Parameter(torch.zeros(len(gradient))) for gradient in gradients]
    for parameter, gradient in zip(parameters, gradients):
        parameter.grad = torch.from_numpy(gradient.copy())
    total = None
    if norm is not None:
        total = torch.nn.utils.clip_grad_norm_(parameters, norm, foreach=False).item()
    else:
        torch.nn.utils.clip_grad_value_(parameters, value, foreach=False)
    return dict(title=title, gradients=[flat(gradient) for gradient in gradients], norm=norm, value=value, total=total,
                clipped=[flat(parameter.grad) for parameter in parameters])


def starting_point(decay):
    start, now, slope = random(11), random(11), random(11)
    weights = torch.nn.Parameter(torch.from_numpy(now.copy()))
    loss = (weights * torch.from_numpy(slope)).sum() + decay / 2 * ((weights - torch.from_numpy(start)) ** 2).sum()
    loss.backward()
    return dict(decay=decay, start=flat(start), parameter=flat(now), gradient=flat(slope), sum=flat(weights.grad))


def average(title, decay=None):
    model = torch.nn.Linear(9, 1, bias=False)
    averaged = AveragedModel(model) if decay is None else AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(decay))
    weights, averages = random(50, 9), []
    weights = np.cumsum(weights, axis=0, dtype=np.float32)
    for row in weights:
        with torch.no_grad():
            model.weight.copy_(torch.from_numpy(row))
        averaged.update_parameters(model)
        averages.append(flat(averaged.module.weight.detach()))
    return dict(title=title, decay=decay, weights=[flat(row) for row in weights], averages=averages)


def main():
    gradients = [random(37), random(5, scale=10), random(64, scale=0.1)]
    small = [random(7, scale=1e-3), random(3, scale=1e-3)]
    OUTPUT.write_text(json.dumps(dict(
        torch=torch.__version__,
        clippings=[
            clipping("by norm", gradients, norm=1.0), clipping("by a norm that is not reached", small, norm=1.0),
            clipping("by a norm so small that the guard against zero shows", small, norm=1e-4),
            clipping("zeros by norm", [np.zeros(4, np.float32)], norm=0.5), clipping("by value", gradients, value=0.5),
        ],
        startingPoints=[starting_point(0.1), starting_point(2.5)],
        averages=[average("equal"), average("exponential", 0.9), average("fast exponential", 0.3)])) + "\n")
    print(OUTPUT.name, OUTPUT.stat().st_size, "bytes")


main()
