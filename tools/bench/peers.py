"""Measures Keras, PyTorch and ONNX Runtime beside Graft, and prints Markdown tables. Called by the script `peers`."""

import argparse
import fnmatch
import os
import re
from pathlib import Path

import jobs
import machine
import processes
import program_tables
import tables

PAGE = Path(__file__).parents[2] / "docs" / "BENCHMARKS.md"
BEGIN = "<!-- peers: begin (written by a script: --write) -->"
END = "<!-- peers: end -->"


def main():
    options = parsed()
    scratch = Path(os.environ.get("PEERS_SCRATCH", ".build/peers")).resolve()
    scratch.mkdir(parents=True, exist_ok=True)
    graft = machine.Graft(os.environ["GRAFT"])
    versions = machine.versions(graft, os.environ.get("PEERS_LIMIT", ""))
    plan = list(jobs.Plan(options, graft, scratch, versions).jobs())
    wanted = [job for job in plan if any(fnmatch.fnmatch(job.name, pattern) for pattern in options.only)]
    if options.list:
        print("\n".join(job.name for job in wanted))
        return
    path = scratch / "results.jsonl"
    if options.fresh:
        path.unlink(missing_ok=True)
    results = processes.Results(path)
    if options.data:
        read_through(options.data)
    for number, job in enumerate(wanted, 1):
        if results.has(job):
            continue
        processes.say(f"{number} of {len(wanted)}: {job.name}")
        try:
            results.add(job, processes.measure(job, options.threads, scratch))
        except processes.Failure as failure:
            processes.say(f"  {failure}")
            results.add(job, {"error": str(failure)})
    text = markdown(results.of(wanted), options, graft)
    print(text)
    if options.write:
        write(text)


def parsed():
    parser = argparse.ArgumentParser(prog="peers", description=__doc__)
    parser.add_argument("--data", type=existing, help="photographs (train/ and val/), for whole programs")
    parser.add_argument("--weights", type=existing, help="Keras's ResNet-50 without classifier, .h5; else random")
    parser.add_argument("--networks", type=listed(str), default=list(jobs.NETWORKS), help="separated by commas")
    parser.add_argument("--only", action="append", metavar="GLOB", help="such as 'forward/*' or 'all/vgg16/*'")
    parser.add_argument("--list", action="store_true", help="print the names of the jobs, and measure nothing")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="for everybody; else all processors")
    parser.add_argument("--batch", type=int, help="images in a step; else 16, and 8 in training but for ResNet-50")
    parser.add_argument("--training-batch", type=int, help="the same for training alone")
    parser.add_argument("--epochs", type=listed(int), default=list(jobs.EPOCHS), help="of whole programs; 5,10")
    parser.add_argument("--runs", type=int, help="of a whole training, whose median counts; else 3")
    parser.add_argument("--without-compiler", action="store_true", help="leave torch.compile out")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions: to see that everything runs")
    parser.add_argument("--fresh", action="store_true", help="measure anew what an earlier run has measured")
    parser.add_argument("--write", action="store_true", help=f"put the tables into docs/{PAGE.name}")
    options = parser.parse_args()
    options.only = options.only or ["*"]
    options.steps, runs, options.short_runs = (2, 1, 1) if options.quick else (9, 3, 7)
    options.runs = options.runs or runs
    unknown = set(options.networks) - set(jobs.NETWORKS)
    if unknown:
        parser.error(f"no network is called {', '.join(sorted(unknown))}; there are {', '.join(jobs.NETWORKS)}")

    def batch_for(scope, network):
        if scope == "forward":
            return options.batch or 16
        return options.training_batch or options.batch or (16 if network == "resnet50" else 8)

    options.batch_for = batch_for
    return options


def listed(kind):
    return lambda text: [kind(part) for part in text.split(",")]


def existing(path):
    if not Path(path).exists():
        raise argparse.ArgumentTypeError(f"there is no {path}")
    return Path(path).resolve()


def read_through(folder):
    """So that the first program to read the photographs is no slower than the next."""
    for path in folder.rglob("*"):
        if path.is_file():
            path.read_bytes()


def markdown(results, options, graft):
    one_dnn = next((record["machine"]["one_dnn"] for record in results.values() if "machine" in record), None)
    how = (f"Medians: of {options.steps} steps, of {options.runs} runs of a whole training, of {options.short_runs} of "
           "a prediction.")
    parts = [machine.line(graft, options.threads, one_dnn) + " " + how]
    for scope in tables.SCOPES:
        parts += tables.steps(results, scope, options.batch_for)
    parts += program_tables.transfers(results, options.epochs, bool(options.weights))
    parts += program_tables.predictions(results)
    parts += tables.parameters(results) + tables.failures(results)
    return "\n\n".join(parts)


def write(text):
    page = PAGE.read_text()
    pattern = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    if not pattern.search(page):
        raise SystemExit(f"{PAGE} has no place for the tables: {BEGIN} … {END}")
    PAGE.write_text(pattern.sub(lambda _: f"{BEGIN}\n{text}\n{END}", page))


if __name__ == "__main__":
    main()
