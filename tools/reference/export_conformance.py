"""Holds what other programs make of Graft's exported files against Graft. Run it through tools/conformance --export."""

import json
import shutil
import subprocess
from dataclasses import dataclass, field

import numpy as np
from safetensors.numpy import load_file, save_file

from export_conformance_readers import READERS, run_onnx

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
    # Red, green and blue, for an ONNX file that makes the inputs of them itself.
    pixels: object = None
    refused: frozenset = frozenset()


def compare(jobs, run_network, scratch, progress):
    """One Result for each job. A process for each: some networks fill the memory."""
    results = []
    for number, job in enumerate(jobs):
        folder = scratch / f"export{number}"
        folder.mkdir()
        save_file({name: np.ascontiguousarray(array) for name, array in job.inputs.items()}, folder / "inputs.safetensors")
        (folder / "jobs").write_text(json.dumps({
            "model": str(job.model), "inputs": str(folder / "inputs.safetensors"), "outputs": str(folder / "outputs.safetensors"),
            "exports": [str(folder / f"model.{ending}") for ending in endings(job)],
        } | ({"architecture": job.architecture} if job.architecture else {})))
        process = subprocess.run([run_network, folder / "jobs"], stdout=subprocess.PIPE, text=True)
        answer = json.loads(process.stdout) if process.returncode == 0 else {"refused": f"exit code {process.returncode}"}
        results.append(compare_one(job, answer, folder))
        progress(results[-1])
        shutil.rmtree(folder)  # ResNet-152 three times is 720 MB
        if job.kind == "architectures":
            job.model.unlink()
    return results


def endings(job):
    return ENDINGS if job.pixels is None else (*ENDINGS, "rgb.onnx")


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
    if job.pixels is not None:
        note_difference(result, "ONNX Runtime, pixels", lambda: run_onnx(folder / "model.rgb.onnx", [job.pixels]), expected)
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
