"""Holds the gradients of networks that PyTorch exported to ONNX against PyTorch's own in float64. Run it through
tools/conformance --onnx-training, which builds TrainingCheck.

A file names its tensors as its exporter likes, and most exporters fold normalisations into convolutions; so tensors of both
sides are matched by their numbers (onnx_training_partners.py), and one that finds no partner fails its network.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from copy import deepcopy
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file

import conformance_table
import onnx_conformance_zoo as zoo
import onnx_training_networks as networks
import onnx_training_partners as partners

ROOT = Path(__file__).resolve().parents[2]
TOLERANCE = 1e-3
BATCH = 4
SEED = 31
# Of so many seeds the first is taken with which gradients are steady: PyTorch's in float32, and its in float64 of parameters
# changed by NUDGE, a little more than rounding, are within STEADY of those in float64. Where not, two numbers of a pooling's
# window compete within rounding, and no program can be told right or wrong by where the gradient goes.
SEEDS, STEADY, NUDGE, NUDGES = 20, 1e-4, 3e-7, 4
# How Graft names operators that it has no layers for: known limits, which onnx_conformance.py lists.
REFUSAL = "cannot become a graph of layers"
EXPORTERS = {"TorchScript": zoo.torch_script, "dynamo": zoo.torch_dynamo}


@dataclass
class Row:
    """`rounding` is what PyTorch's own float32 differs by. `unmatched` names tensors without a partner, on either side."""

    network: str
    size: int
    exporter: str
    rounding: float = 0.0
    difference: float = 0.0
    worst: str = ""
    count: int = 0
    folded: int = 0
    logits: float = 0.0
    unmatched: tuple = ()
    failure: str = ""

    @property
    def passes(self):
        return not self.failure and not self.unmatched and self.count > 0 and self.difference <= TOLERANCE

    @property
    def is_refused(self):
        return REFUSAL in self.failure

    @property
    def line(self):
        if self.failure:
            numbers = ["", "", "", "", self.failure.replace("|", "\\|")]
        else:
            numbers = [f"{self.logits:.1e}", f"{self.count} ({self.folded})", f"{self.rounding:.1e}",
                       f"{self.difference:.1e} (`{self.worst}`)", ", ".join(f"`{name}`" for name in self.unmatched) or "none"]
        cells = [self.network, f"{BATCH} × {self.size} × {self.size}", self.exporter, *numbers,
                 "pass" if self.passes else "refused" if self.is_refused else "FAIL"]
        return "| " + " | ".join(map(str, cells)) + " |"


def compare(tool, only, scratch):
    for name, size in networks.SIZES.items():
        exporters = {title: export for title, export in EXPORTERS.items() if only.lower() in f"{name} by {title}".lower()}
        if not exporters:
            continue
        for seed in range(SEED, SEED + SEEDS):
            random = np.random.default_rng(seed)
            images = random.standard_normal((BATCH, 3, size, size)).astype(np.float32)
            labels = random.integers(0, networks.CLASSES, BATCH)
            network = networks.build(name, size, seed, torch.from_numpy(images))
            single, _ = partners.gradients(network, images, labels, torch.float32)
            double, logits = partners.gradients(network, images, labels, torch.float64)
            rounding = farthest(single, double)
            if rounding <= STEADY and all(
                    farthest(partners.gradients(nudged(network), images, labels, torch.float64)[0], double) <= STEADY
                    for _ in range(NUDGES)):
                break
        for title, export in exporters.items():
            row = Row(name, size, title, rounding)
            try:
                path = scratch / f"{name.replace('/', ' ')}.onnx"
                with zoo.quiet():
                    export(network.float(), size, path)
                found = graft(tool, path, images, labels, scratch)
                judge(row, found, double, logits)
            except Exception as error:  # a network that one of both cannot do is a row as well
                row.failure = (str(error).strip().splitlines() or [type(error).__name__])[0].removeprefix("Error: ")[:400]
            print(row.line, file=sys.stderr, flush=True)
            yield row


def farthest(found, expected):
    return max(relative(found[key].gradient, expected[key].gradient) for key in expected)


def nudged(network):
    copy = deepcopy(network).double()
    with torch.no_grad():
        for parameter in copy.parameters():
            parameter *= 1 + NUDGE * torch.randn_like(parameter)
    return copy


def graft(tool, path, images, labels, scratch):
    """One step of rate zero: the gradients, and the parameters that they belong to."""
    source, classes, output = scratch / "images.npy", scratch / "labels.npy", scratch / "found.safetensors"
    np.save(source, images)
    np.save(classes, labels)
    process = subprocess.run(
        [tool, "--backbone", path, "--input", source, "--labels", classes, "--batch-norm", "affine", "--steps", "1",
         "--lr", "0", "--output", output], capture_output=True, text=True, check=False)
    if process.returncode:
        raise RuntimeError(process.stderr.strip().splitlines()[-1] if process.stderr.strip() else "TrainingCheck ended")
    return load_file(output)


def judge(row, found, expected, logits):
    row.logits = relative(found["logits/training"], logits)
    matching = partners.match(
        {name.removeprefix("gradient/"): found[name.replace("gradient/", "parameter/", 1)]
         for name in found if name.startswith("gradient/")}, expected)
    row.unmatched = matching.unmatched
    for name, (key, arranged) in matching.pairs.items():
        row.count += 1
        row.folded += expected[key].is_folded
        difference = relative(found[f"gradient/{name}"], arranged(expected[key].gradient))
        if difference >= row.difference:
            row.difference, row.worst = difference, key


def relative(found, expected):
    """The largest |difference| over the largest magnitude; infinite where either holds a NaN."""
    ratio = np.abs(found.astype(np.float64) - expected).max() / max(np.abs(expected).max(), 1e-300)
    return float(np.nan_to_num(ratio, nan=np.inf))


def markdown(rows):
    versions = ", ".join(f"{name} {version(name)}" for name in ("torch", "timm", "onnxscript"))
    passed, refused = sum(row.passes for row in rows), sum(row.is_refused for row in rows)
    return "\n".join([
        f"{passed} of {len(rows)} exports train with the gradients of PyTorch in float64 ({versions}): every tensor's largest "
        f"|difference| is at most {TOLERANCE:.0e} of its largest magnitude, and every tensor has a partner. "
        f"{refused} are refused by name.",
        "The batch is random, the networks are in evaluation, all layers train, normalisations with `affine`. Exporters fold "
        "normalisations into convolutions; the folded tensors' gradients follow from PyTorch's by the chain rule, and the table "
        "counts them. Tensors are matched by their numbers, whatever their names; one without a partner, in the file or in "
        "PyTorch, fails its row. Biases are such that no number lies within rounding of an activation's kink.",
        "",
        "| network | batch | exporter | logits | tensors (folded ones) | PyTorch's float32 | gradients | without partner | verdict |",
        "|---|---|---|---|---|---|---|---|---|",
        *(row.line for row in rows),
    ])


def arguments():
    parser = argparse.ArgumentParser(prog="tools/conformance --onnx-training", description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", metavar="TEXT", help="only the exports whose title holds this text")
    parser.add_argument("--write", action="store_true", help="put the table into docs/CONFORMANCE.md")
    options = parser.parse_args()
    if options.write and options.only:
        parser.error("--write takes the whole table: leave out --only")
    return options


def main():
    options = arguments()
    tool = os.environ.get("TRAINING_CHECK")
    if not tool:
        sys.exit("conformance: no TrainingCheck binary; set TRAINING_CHECK to its path or run tools/conformance --onnx-training")
    with tempfile.TemporaryDirectory(prefix="graft-conformance-") as folder:
        rows = list(compare(tool, options.only, Path(folder)))
    table = markdown(rows)
    print(table)
    if options.write:
        conformance_table.write(table, ROOT / "docs" / "CONFORMANCE.md", section="onnx-training")
    return bool(rows) and all(row.passes or row.is_refused for row in rows)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
