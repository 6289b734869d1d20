"""Writes Tests/GraftLearningTests/Fixtures/optimizers.json: torch.optim, and optimizers_papers.py for what it lacks, on
seeded gradients, 100 steps each.

Run from anywhere: .venv-reference/bin/python tools/reference/optimizers_fixtures.py
"""

import json
import pathlib

import numpy as np
import torch
from torch import optim

import optimizers_papers as papers

STEPS = 100
ELEMENTS = 7
RECORDED = [1, 2, 3, 10, 50, 100]
OUTPUT = pathlib.Path(__file__).parents[2] / "Tests/GraftLearningTests/Fixtures/optimizers.json"

# (title, Graft's settings, torch class, torch's settings, learning rate halves every 20 steps)
SETTINGS = [
    ("plain SGD", "sgd:momentum=0", optim.SGD, dict(lr=0.05), False),
    ("plain SGD with decay", "sgd:momentum=0", optim.SGD, dict(lr=0.05, weight_decay=0.1), False),
    ("SGD with momentum", "sgd", optim.SGD, dict(lr=0.01, momentum=0.9), False),
    ("SGD with momentum, decay and a falling rate", "sgd:momentum=0.9", optim.SGD,
     dict(lr=0.01, momentum=0.9, weight_decay=0.05), True),
    ("Nesterov SGD with decay", "sgd:momentum=0.8,nesterov", optim.SGD,
     dict(lr=0.01, momentum=0.8, weight_decay=0.05, nesterov=True), False),
    ("RMSprop", "rmsprop", optim.RMSprop, dict(lr=0.01), False),
    ("RMSprop with momentum, decay and a falling rate", "rmsprop:momentum=0.9,alpha=0.9,epsilon=1e-6", optim.RMSprop,
     dict(lr=0.002, momentum=0.9, alpha=0.9, eps=1e-6, weight_decay=0.1), True),
    ("centered RMSprop with decay", "rmsprop:alpha=0.95,centered", optim.RMSprop,
     dict(lr=0.01, alpha=0.95, centered=True, weight_decay=0.1), False),
    ("centered RMSprop with momentum", "rmsprop:momentum=0.8,centered", optim.RMSprop,
     dict(lr=0.005, momentum=0.8, centered=True), False),
    ("Adagrad", "adagrad", optim.Adagrad, dict(lr=0.1), False),
    ("Adagrad with decay, another epsilon and a falling rate", "adagrad:epsilon=0.001", optim.Adagrad,
     dict(lr=0.2, eps=1e-3, weight_decay=0.1), True),
    ("Adam", "adam", optim.Adam, dict(lr=0.01), False),
    ("Adam with decay, other betas and a falling rate", "adam:beta1=0.8,beta2=0.95,epsilon=1e-6", optim.Adam,
     dict(lr=0.02, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1), True),
    ("AdamW without decay", "adamw", optim.AdamW, dict(lr=0.01, weight_decay=0.0), False),
    ("AdamW with decay", "adamw", optim.AdamW, dict(lr=0.01, weight_decay=0.2), False),
    ("AdamW with decay, other betas and a falling rate", "adamw:beta1=0.8,beta2=0.95,epsilon=1e-6", optim.AdamW,
     dict(lr=0.02, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.2), True),
    ("NAdam", "nadam", optim.NAdam, dict(lr=0.01), False),
    ("NAdam with decay, other betas, faster momentum and a falling rate", "nadam:beta1=0.8,beta2=0.95,momentum-decay=0.1",
     optim.NAdam, dict(lr=0.02, betas=(0.8, 0.95), momentum_decay=0.1, weight_decay=0.1), True),
    ("NAdam with decoupled decay", "nadam:decoupled", optim.NAdam,
     dict(lr=0.01, weight_decay=0.2, decoupled_weight_decay=True), False),
    ("Lion", "lion", papers.Lion, dict(lr=0.01), False),
    ("Lion with decay, other betas and a falling rate", "lion:beta1=0.95,beta2=0.98", papers.Lion,
     dict(lr=0.02, betas=(0.95, 0.98), weight_decay=0.3), True),
    ("LAMB", "lamb", papers.LAMB, dict(lr=0.01), False),
    ("LAMB with decay, other betas and a falling rate", "lamb:beta1=0.8,beta2=0.95,epsilon=1e-5", papers.LAMB,
     dict(lr=0.02, betas=(0.8, 0.95), eps=1e-5, weight_decay=0.1), True),
    ("LARS", "lars:trust=0.02", papers.LARS, dict(lr=1.0, trust=0.02), False),
    ("LARS with decay, another momentum and a falling rate", "lars:momentum=0.8,trust=0.05", papers.LARS,
     dict(lr=0.5, momentum=0.8, trust=0.05, weight_decay=0.1), True),
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
    for title, text, kind, settings, falling in SETTINGS:
        rates, recorded = run(kind, settings, falling, initial, gradients)
        cases.append(dict(
            title=title, settings=text, weightDecay=settings.get("weight_decay", 0.0), learningRates=rates,
            recorded=recorded))
    OUTPUT.write_text(json.dumps(dict(
        torch=torch.__version__, initial=initial.astype(float).tolist(), gradients=gradients.astype(float).tolist(),
        recordedSteps=RECORDED, cases=cases)) + "\n")
    print(OUTPUT.name, OUTPUT.stat().st_size, "bytes")


main()
