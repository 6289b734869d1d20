"""Writes Tests/GraftLearningTests/Fixtures/optimizers.json: torch.optim on seeded gradients, 100 steps each.

Run from anywhere: .venv-reference/bin/python tools/reference/optimizers_fixtures.py
"""

import json
import pathlib

import numpy as np
import torch

STEPS = 100
ELEMENTS = 7
RECORDED = [1, 2, 3, 10, 50, 100]
OUTPUT = pathlib.Path(__file__).parents[2] / "Tests/GraftLearningTests/Fixtures/optimizers.json"

# (title, torch class, torch's settings, learning rate halves every 20 steps)
SETTINGS = [
    ("plain SGD", torch.optim.SGD, dict(lr=0.05), False),
    ("plain SGD with decay", torch.optim.SGD, dict(lr=0.05, weight_decay=0.1), False),
    ("SGD with momentum", torch.optim.SGD, dict(lr=0.01, momentum=0.9), False),
    ("SGD with momentum, decay and a falling rate", torch.optim.SGD,
     dict(lr=0.01, momentum=0.9, weight_decay=0.05), True),
    ("Nesterov SGD with decay", torch.optim.SGD,
     dict(lr=0.01, momentum=0.8, weight_decay=0.05, nesterov=True), False),
    ("Adam", torch.optim.Adam, dict(lr=0.01), False),
    ("Adam with decay, other betas and a falling rate", torch.optim.Adam,
     dict(lr=0.02, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1), True),
    ("AdamW without decay", torch.optim.AdamW, dict(lr=0.01, weight_decay=0.0), False),
    ("AdamW with decay", torch.optim.AdamW, dict(lr=0.01, weight_decay=0.2), False),
    ("AdamW with decay, other betas and a falling rate", torch.optim.AdamW,
     dict(lr=0.02, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.2), True),
]


def run(kind, settings, falling, initial, gradients):
    parameter = torch.nn.Parameter(torch.from_numpy(initial.copy()))
    optimizer = kind([parameter], foreach=False, **settings)
    rates, recorded = [], []
    for step in range(1, STEPS + 1):
        rate = settings["lr"] * (0.5 ** ((step - 1) // 20) if falling else 1)
        optimizer.param_groups[0]["lr"] = rate
        parameter.grad = torch.from_numpy(gradients[step - 1].copy())
        optimizer.step()
        rates.append(rate)
        if step in RECORDED:
            recorded.append(parameter.detach().numpy().astype(float).tolist())
    return rates, recorded


def main():
    generator = np.random.default_rng(20260)
    initial = generator.normal(size=ELEMENTS).astype(np.float32)
    # Magnitudes from 1e-3 to 1e3, and one element whose gradient is nearly always zero.
    scale = np.array([1e-3, 1e-2, 0.1, 1, 10, 1e3, 1], dtype=np.float32)
    gradients = (generator.normal(size=(STEPS, ELEMENTS)) * scale).astype(np.float32)
    gradients[:, 6] *= generator.uniform(size=STEPS) < 0.05
    cases = []
    for title, kind, settings, falling in SETTINGS:
        rates, recorded = run(kind, settings, falling, initial, gradients)
        beta1, beta2 = settings.get("betas", (0.9, 0.999))
        cases.append(dict(
            title=title, kind=kind.__name__.lower(), momentum=settings.get("momentum", 0.0),
            nesterov=settings.get("nesterov", False), beta1=beta1, beta2=beta2, epsilon=settings.get("eps", 1e-8),
            weightDecay=settings.get("weight_decay", 0.0), learningRates=rates, recorded=recorded))
    OUTPUT.write_text(json.dumps(dict(
        torch=torch.__version__, initial=initial.astype(float).tolist(), gradients=gradients.astype(float).tolist(),
        recordedSteps=RECORDED, cases=cases)) + "\n")
    print(OUTPUT.name, OUTPUT.stat().st_size, "bytes")


main()
