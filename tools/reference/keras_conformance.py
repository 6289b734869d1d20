"""Holds Graft's import of Keras files against Keras itself. Run it through `tools/conformance --keras`.

Every file is loaded by Keras 3 or tf_keras, or, where neither can, put together by keras_conformance_early.py; the outputs
on seeded random inputs must agree with Graft's."""

import json
import subprocess
import sys
from dataclasses import dataclass

import numpy as np
from safetensors.numpy import load_file, save_file

import quiet_tensorflow  # noqa: F401
import keras_conformance_channels_first as channels_first_models
import keras_conformance_models as models
import keras_conformance_references as references

TOLERANCE = 1e-4
BATCH = 2


@dataclass
class Row:
    """One file: who says what it computes, and how far Graft's answer is from that, or the words of the refusal."""

    group: str
    title: str
    reference: str = ""
    difference: float | None = None
    refusal: str = ""
    expects_refusal: str = ""

    @property
    def passes(self):
        if self.expects_refusal:
            return self.expects_refusal in self.refusal
        return self.difference is not None and self.difference <= TOLERANCE

    @property
    def verdict(self):
        if self.expects_refusal and self.passes:
            return "refused"
        return "pass" if self.passes else "FAIL"

    @property
    def finding(self):
        if self.difference is not None:
            return f"{self.difference:.1e}"
        return self.refusal


class Runner:
    """Graft's developer tool, given all jobs of a process at once."""

    def __init__(self, tool, scratch):
        self.tool, self.scratch, self.jobs = tool, scratch, []

    def add(self, path, inputs, configuration=None):
        """Inputs by name as Graft takes them: [N, C, H, W] or [N, C]. Returns the job's number."""
        number = len(self.jobs)
        given, returned = self.scratch / f"in{number}.safetensors", self.scratch / f"out{number}.safetensors"
        save_file({name: np.ascontiguousarray(value, np.float32) for name, value in inputs.items()}, given)
        job = {"model": str(path), "inputs": str(given), "outputs": str(returned)}
        if configuration:
            job["configuration"] = str(configuration)
        self.jobs.append(job)
        return number

    def run(self):
        """For each job the list of its outputs in the graph's order, or the words of the refusal."""
        path = self.scratch / "jobs"
        path.write_text("".join(json.dumps(job) + "\n" for job in self.jobs))
        done = subprocess.run([self.tool, path], capture_output=True, text=True)
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        if len(answers) != len(self.jobs):
            sys.exit(f"conformance: RunNetwork answered {len(answers)} of {len(self.jobs)} jobs: {done.stderr[-2000:]}")
        results = []
        for job, answer in zip(self.jobs, answers):
            if "refused" in answer:
                results.append(answer["refused"])
            else:
                tensors = load_file(job["outputs"])
                results.append([tensors[name] for name in answer["outputs"]])
        return results


def channels_first(value):
    return np.moveaxis(value, -1, 1) if value.ndim > 2 else value


def difference(found, expected):
    """The largest |difference| over the largest magnitude, of the worst output; None where a shape differs."""
    if len(found) != len(expected):
        return None
    worst = 0.0
    for mine, theirs in zip(found, expected):
        if mine.shape != theirs.shape:
            return None
        scale = max(float(np.abs(theirs).max()), 1e-12)
        gap = float(np.abs(mine.astype(np.float64) - theirs).max()) / scale
        worst = max(worst, gap if np.isfinite(gap) else float("inf"))
    return worst


def compare(tool, scratch, shared, only=""):
    """One row for each file."""
    runner = Runner(tool, scratch)
    pending = []
    cases = [*references.published(shared, scratch), *references.configurations(shared, scratch), *models.cases(scratch),
             *channels_first_models.cases(scratch)]
    for case in cases:
        if only.lower() not in f"{case.group} {case.title}".lower():
            continue
        row = Row(case.group, case.title, expects_refusal=case.expects_refusal)
        try:
            reference = case.reference()
        except Exception as error:  # the table tells of it
            row.refusal = f"no reference: {type(error).__name__}: {error}"[:200]
            pending.append((row, None, None))
            continue
        row.reference = reference.title
        expected = [value if reference.is_channels_first else channels_first(value) for value in reference.outputs]
        inputs = {name: value if reference.is_channels_first else channels_first(value)
                  for name, value in reference.inputs.items()}
        pending.append((row, runner.add(case.path, inputs, case.configuration), expected))
        print(f"reference  {case.group}, {case.title}", file=sys.stderr, flush=True)
    results = runner.run()
    rows = []
    for row, number, expected in pending:
        if number is not None:
            result = results[number]
            if isinstance(result, str):
                row.refusal = result
            else:
                row.difference = difference(result, expected) if expected else None
                if row.difference is None:
                    row.refusal = f"shapes {[v.shape for v in result]}, expected {[v.shape for v in expected]}"
        rows.append(row)
        print(f"{row.verdict}  {row.group}, {row.title}: {row.finding}", file=sys.stderr, flush=True)
    return rows


def markdown(rows):
    passed = sum(row.verdict == "pass" for row in rows)
    refused = sum(row.verdict == "refused" for row in rows)
    lines = [
        f"Of {len(rows)} files {passed} agree with the reference, the largest |difference| being at most {TOLERANCE:.0e} of "
        f"the largest magnitude, and {refused} are refused with the reason that is right.",
        "",
        "| files | file | reference | difference | verdict |",
        "|---|---|---|---|---|",
    ]
    for row in rows:
        cells = [row.group, f"`{row.title}`", row.reference, row.finding.replace("|", "\\|"), row.verdict]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)
