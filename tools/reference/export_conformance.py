"""Holds what other programs make of Graft's exported files against Graft. Run it through tools/conformance --export."""

import json
import subprocess
from dataclasses import dataclass, field

import numpy as np
from safetensors.numpy import load_file, save_file

from export_conformance_readers import READERS

TOLERANCE = 1e-5
ENDINGS = ("onnx", "keras", "h5")


@dataclass
class Result:
    """What came of one network: {reader: the difference, or the words that stand in its place}."""

    title: str
    kind: str
    differences: dict = field(default_factory=dict)
    passes: bool = True

    def note(self, reader, outcome, passes):
        self.differences[reader] = outcome
        self.passes = self.passes and passes


@dataclass
class Job:
    """A network that Graft is to run and export; `refused` as in the cases of single layers."""

    title: str
    kind: str
    model: object
    inputs: dict
    architecture: str | None = None
    refused: frozenset = frozenset()


def compare(jobs, run_network, scratch, progress):
    """One Result for each job."""
    lines = []
    for number, job in enumerate(jobs):
        folder = scratch / f"export{number}"
        folder.mkdir()
        save_file({name: np.ascontiguousarray(array) for name, array in job.inputs.items()}, folder / "inputs.safetensors")
        lines.append(json.dumps({
            "model": str(job.model), "inputs": str(folder / "inputs.safetensors"), "outputs": str(folder / "outputs.safetensors"),
            "exports": [str(folder / f"model.{ending}") for ending in ENDINGS],
        } | ({"architecture": job.architecture} if job.architecture else {})))
    (scratch / "jobs").write_text("\n".join(lines))
    process = subprocess.Popen([run_network, scratch / "jobs"], stdout=subprocess.PIPE, text=True)
    results = []
    for number, (job, line) in enumerate(zip(jobs, process.stdout)):
        folder = scratch / f"export{number}"
        results.append(compare_one(job, json.loads(line), folder))
        progress(results[-1])
        for path in folder.iterdir():
            path.unlink()  # ResNet-152 three times is 720 MB
    if process.wait() != 0 or len(results) < len(jobs):
        raise SystemExit(f"conformance: run-network ended after {len(results)} of {len(jobs)} networks")
    return results


def compare_one(job, answer, folder):
    result = Result(job.title, job.kind)
    if "refused" in answer:
        result.note("Graft", answer["refused"], False)
        return result
    expected = load_file(folder / "outputs.safetensors")
    expected = [expected[name] for name in answer["outputs"]]
    for reader, ending, run in READERS:
        words = answer["exportRefusals"].get(str(folder / f"model.{ending}"))
        family = "onnx" if ending == "onnx" else "keras"
        if words is not None:
            # What was expected, and what may be.
            allowed = {family, f"{family}?"} & job.refused
            result.note(reader, "refused" if allowed else f"refused: {words}", bool(allowed))
        elif family in job.refused:
            result.note(reader, "was to be refused", False)
        else:
            note_difference(result, reader, lambda: run(folder / f"model.{ending}", list(job.inputs.values())), expected)
    return result


def note_difference(result, reader, run, expected):
    try:
        difference = largest_difference(run(), expected)
        result.note(reader, difference, difference <= TOLERANCE)
    except Exception as error:  # whatever a reader has to say against a file
        result.note(reader, f"{type(error).__name__}: {str(error).strip()[:500]}", False)


def largest_difference(found, expected):
    """The largest |difference| over the largest magnitude, of the worst output. Infinite where shapes differ or a number
    is none."""
    if [array.shape for array in found] != [array.shape for array in expected]:
        raise ValueError(f"shapes {[array.shape for array in found]} for {[array.shape for array in expected]}")
    worst = 0.0
    for left, right in zip(found, expected):
        magnitude = np.abs(right).max()
        difference = float(np.abs(left.astype(np.float64) - right).max() / (magnitude if magnitude > 0 else 1))
        worst = max(worst, difference if np.isfinite(difference) else float("inf"))
    return worst
