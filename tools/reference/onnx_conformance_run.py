"""Runs ONNX models in Graft through the developers' tool RunNetwork, and holds the results against expected ones."""

import json
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import safetensors.numpy

SECONDS_A_JOB = 120


@dataclass
class Case:
    """One model with inputs and what they must give. `family` is what the table counts by."""

    name: str
    family: str
    model: Path
    inputs: dict
    expected: list
    tolerance: float
    # The file's own shapes, for telling inputs with channels last.
    channels_last: set = field(default_factory=set)


@dataclass
class Verdict:
    case: Case
    difference: float | None = None
    refused: str | None = None
    failure: str | None = None

    @property
    def passes(self):
        return self.difference is not None and self.difference <= self.case.tolerance

    @property
    def title(self):
        if self.refused:
            return f"refused: {self.refused}"
        if self.failure:
            return f"FAIL: {self.failure}"
        return f"{'pass' if self.passes else 'FAIL'} {self.difference:.1e}"


def channels_last_inputs(model):
    """Names of inputs whose last axis can be one of an image's channels and whose second cannot, as Graft tells them."""
    stated = {tensor.name for tensor in model.graph.initializer}
    found = set()
    for value in model.graph.input:
        sizes = [dimension.dim_value for dimension in value.type.tensor_type.shape.dim]
        if value.name not in stated and len(sizes) == 4 and sizes[3] in (1, 3, 4) and sizes[1] not in (1, 3, 4):
            found.add(value.name)
    return found


def run(cases, folder):
    """A Verdict for each case. A job that ends the program is a failure, and the rest is run again without it."""
    tool = os.environ["RUN_NETWORK"]
    verdicts = {}
    waiting = list(enumerate(cases))
    while waiting:
        jobs = folder / "jobs.jsonl"
        with open(jobs, "w") as file:
            for number, case in waiting:
                inputs = {name: channels_first(array) if name in case.channels_last else array
                          for name, array in case.inputs.items()}
                safetensors.numpy.save_file(
                    {name: np.ascontiguousarray(array) for name, array in inputs.items()}, folder / f"{number}.in")
                file.write(json.dumps({"model": str(case.model), "inputs": str(folder / f"{number}.in"),
                                       "outputs": str(folder / f"{number}.out")}) + "\n")
        process = subprocess.run([tool, str(jobs)], capture_output=True, text=True, check=False,
                                 timeout=SECONDS_A_JOB * len(waiting))
        answers = [json.loads(line) for line in process.stdout.splitlines()]
        for (number, case), answer in zip(waiting, answers):
            verdicts[number] = verdict(case, answer, folder / f"{number}.out")
        if len(answers) < len(waiting):
            number, case = waiting[len(answers)]
            words = process.stderr.strip().splitlines()
            verdicts[number] = Verdict(case, failure=f"ended the program: {words[-1] if words else process.returncode}")
        waiting = waiting[len(answers) + 1:]
    return [verdicts[number] for number in range(len(cases))]


def verdict(case, answer, path):
    if answer.get("refused"):
        return Verdict(case, refused=answer["refused"])
    outputs = safetensors.numpy.load_file(path)
    found = [outputs[name] for name in answer["outputs"]]
    if len(found) != len(case.expected):
        return Verdict(case, failure=f"{len(found)} outputs for {len(case.expected)}")
    return compared(case, found)


def compared(case, found):
    worst = 0.0
    for expected, actual in zip(case.expected, found):
        expected = np.asarray(expected, np.float64)
        if expected.shape != actual.shape and case.channels_last and expected.ndim == 4:
            actual = actual.transpose(0, 2, 3, 1)
        if expected.shape != actual.shape:
            return Verdict(case, failure=f"shape {list(actual.shape)} for {list(expected.shape)}")
        equal = (expected == actual) | (np.isnan(expected) & np.isnan(actual))
        difference = np.where(equal, 0, np.abs(expected - actual))
        finite = np.abs(expected[np.isfinite(expected)])
        scale = max(finite.max() if finite.size else 0, 1e-30)
        # NaN compares as less than nothing; it must not pass.
        worst = max(worst, float(np.nan_to_num(difference.max() if difference.size else 0, nan=np.inf) / scale))
    return Verdict(case, difference=worst)


def channels_first(array):
    return array.transpose(0, 3, 1, 2)
