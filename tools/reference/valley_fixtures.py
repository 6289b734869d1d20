"""Writes Tests/GraftLearningTests/Fixtures/valleys.json: which of a curve's rates fastai's own `valley` suggests.

fastai itself is not installed beside the other partners; its package alone, without what it depends on, is enough:

    python -m pip download --no-deps fastai==2.8.12 && python -m zipfile -e fastai-2.8.12-py3-none-any.whl fastai-2.8.12
    .venv-reference/bin/python tools/reference/valley_fixtures.py fastai-2.8.12
"""

import ast
import json
import pathlib
import sys

import numpy as np

OUTPUT = pathlib.Path(__file__).parents[2] / "Tests/GraftLearningTests/Fixtures/valleys.json"


def published(package):
    """The function as the package has it; importing the package would want all that it depends on."""
    source = pathlib.Path(package, "fastai/callback/schedule.py").read_text()
    function = next(node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef) and node.name == "valley")
    names = {}
    exec(compile(ast.Module([function], []), "schedule.py", "exec"), names)
    return names["valley"]


def smoothed(losses, beta=0.98):
    """As fastai's recorder and Graft's curve smooth them."""
    mean, found = 0.0, []
    for step, loss in enumerate(losses):
        mean = beta * mean + (1 - beta) * loss
        found.append(mean / (1 - beta ** (step + 1)))
    return found


def curves():
    random = np.random.default_rng(11)
    x = np.linspace(-7, 1, 100)
    valley = 2 - 1.5 / (1 + np.exp(-3 * (x + 3))) + np.where(x > -1, 3 * (np.maximum(x + 1, 0)) ** 3, 0)
    noisy = valley + random.normal(0, 0.15, x.size)
    return {
        "smooth valley": valley, "noisy valley": noisy, "smoothed valley": smoothed(noisy), "falls to the end": 3 - x / 5,
        "rises from the start": x + 8, "flat": np.full(x.size, 0.7), "noise alone": random.normal(0.7, 0.1, x.size),
        "two valleys": 2 + np.sin(x * 1.7) - 0.1 * x, "ends early": noisy[:37], "eight points": valley[50:58],
        "ties": np.round(noisy, 1), "smoothed noise": smoothed(random.normal(0.7, 0.1, x.size)),
    }


def main():
    valley = published(sys.argv[1])
    cases = []
    for title, losses in curves().items():
        rates = [1e-7 * 10 ** (8 * step / 99) for step in range(len(losses))]
        losses = [float(loss) for loss in losses]
        rate, _ = valley(rates, losses, len(losses))
        cases.append(dict(title=title, rates=rates, losses=losses, index=rates.index(rate)))
    OUTPUT.write_text(json.dumps(dict(cases=cases)) + "\n")
    print(f"{len(cases)} curves, {OUTPUT.stat().st_size} bytes")
    print({case["title"]: case["index"] for case in cases})


if __name__ == "__main__":
    main()
