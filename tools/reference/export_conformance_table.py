"""All that is compared by tools/conformance --export, and its tables."""

import sys
from importlib.metadata import version
from itertools import chain

import export_conformance
import export_conformance_networks as networks
from export_conformance_readers import READERS

PIXELS = "ONNX Runtime, pixels"
TITLES = [title for title, _, _ in READERS]


def compare(graft, run_network, data, scratch, only):
    jobs = chain(
        networks.fine_tuned(graft, data, scratch, only), networks.architectures(graft, scratch, only),
        networks.preprocessings(scratch, only), networks.layers(scratch, only))
    return export_conformance.compare(jobs, run_network, scratch, print_progress)


def print_progress(result):
    differences = ", ".join(f"{reader} {shown(outcome)}" for reader, outcome in result.differences.items())
    print(f"{'pass' if result.passes else 'FAIL'}  {result.title}: {differences}", file=sys.stderr, flush=True)


def shown(outcome):
    return f"{outcome:.1e}" if isinstance(outcome, float) else str(outcome).replace("|", "\\|").replace("\n", " ")


def markdown(results):
    versions = ", ".join(f"{name} {version(name)}" for name in ("onnx", "onnxruntime", "keras", "tf-keras"))
    whole = [result for result in results if result.kind == "architectures"]
    layers = [result for result in results if result.kind == "layers"]
    lines = [
        f"{sum(result.passes for result in results)} of {len(results)} networks pass: {versions} read what Graft exports, the ONNX "
        f"checker finds nothing, and the largest |difference| from Graft's own output is at most "
        f"{export_conformance.TOLERANCE:.0e} of the largest magnitude. Weights and inputs are random.",
        "",
        f"| network | {' | '.join(TITLES)} | verdict |",
        f"|---|{'---|' * len(TITLES)}---|",
        *(f"| {result.title} | {' | '.join(shown(result.differences.get(title, '')) for title in TITLES)} | "
          f"{'pass' if result.passes else 'FAIL'} |" for result in whole),
        "",
        "Networks of one layer or a few, for every kind of layer and every option that changes a file. What a format has no form "
        "for is refused by name:",
        "",
        "| | compared | largest difference | refused |",
        "|---|---|---|---|",
        *(summary(title, layers) for title in [*TITLES, PIXELS]),
    ]
    failures = [result for result in layers if not result.passes]
    if failures:
        lines += ["", "| fails | why |", "|---|---|"]
        lines += [f"| {result.title} | {'; '.join(f'{k}: {shown(v)}' for k, v in result.differences.items())} |" for result in failures]
    refused = [result.title for result in layers if "refused" in result.differences.values()]
    if refused:
        lines += ["", f"Refused: {'; '.join(refused)}."]
    return "\n".join(lines)


def summary(title, layers):
    outcomes = [result.differences[title] for result in layers if title in result.differences]
    numbers = [outcome for outcome in outcomes if isinstance(outcome, float)]
    return (f"| {title} | {len(numbers)} | {max(numbers, default=0):.1e} | "
            f"{sum(outcome == 'refused' for outcome in outcomes)} |")
