"""Compares Graft's networks with Keras's, tensor by tensor. Run it through tools/conformance, which prepares all."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

import numpy as np

import conformance_features
import conformance_table
import networks
import training
from conformance_cases import CASES, SEED
from conformance_engines import Failure, Graft, Keras, PerturbedKeras

ROOT = Path(__file__).resolve().parents[2]
TOLERANCE = 1e-4
BATCH = 2


def arguments():
    parser = argparse.ArgumentParser(
        prog="tools/conformance", description="Compares Graft with Keras on the same weights and inputs.")
    parser.add_argument("--weights", type=Path, default=ROOT.parent / "shared" / "weights", metavar="FOLDER",
                        help="the folder that holds SqueezeNet's published weight files")
    parser.add_argument("--write", action="store_true", help="put the table into docs/CONFORMANCE.md")
    parser.add_argument("--only", default="", metavar="TEXT",
                        help="only the cases whose network or weights hold this text")
    parser.add_argument("--self-check", action="store_true",
                        help="compare Keras with itself, which must pass, and with a perturbed copy, which must fail")
    parser.add_argument("--features", action="store_true",
                        help="compare pooled features of photographs instead, and fit a linear classifier on them")
    parser.add_argument("--training", action="store_true",
                        help="compare whole networks' gradients and five steps of SGD instead; --write as above")
    parser.add_argument("--torch", action="store_true",
                        help="compare networks of PyTorch, torchvision and timm from their checkpoints instead; --write as above")
    parser.add_argument("--keras", action="store_true",
                        help="import Keras files of every age instead, and compare their outputs; --write, --only as above")
    parser.add_argument("--export", action="store_true",
                        help="hold ONNX Runtime and both Kerases on exported files against Graft instead; --write as above")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data" / "hymenoptera", metavar="FOLDER",
                        help="for --features and --export: train/ and val/ with a folder a class")
    parser.add_argument("--without-graft", action="store_true", help="for --features: Keras's figures only")
    options = parser.parse_args()
    if options.write and (options.only or options.self_check or options.features):
        parser.error("--write takes the whole table: leave out --only, --self-check and --features")
    if sum((options.training, options.torch, options.self_check, options.features, options.keras, options.export)) > 1:
        parser.error("--training, --torch, --keras, --export, --self-check and --features exclude each other")
    return options


def chosen_cases(options):
    """[(number, case)]; ends the program where a published weight file is absent, because its rows would be missed."""
    chosen = [(number, case) for number, case in enumerate(CASES)
              if options.only.lower() in f"{case.network}, {case.weights_title}".lower()]
    if not chosen:
        sys.exit(f"conformance: no network or weights with the text {options.only!r}")
    for _, case in chosen:
        if isinstance(case.weights, str) and not (options.weights / case.weights).exists():
            sys.exit(f"conformance: {options.weights / case.weights} is absent; name its folder with --weights, "
                     "or choose other cases with --only")
    return chosen


def graft():
    path = os.environ.get("GRAFT")
    if not path:
        sys.exit("conformance: no graft binary; set GRAFT to its path or run tools/conformance, which builds it")
    return Graft(path)


def compare(engine, options, scratch):
    """One row for each case, size and tensor."""
    random = np.random.default_rng(SEED)
    rows = []
    for number, case in chosen_cases(options):
        path = case.weights_path(options.weights, scratch, number)
        for size in case.sizes:
            source = (random.standard_normal((BATCH, size, size, 3)) * 60).astype(np.float32)
            expected = networks.outputs_at(case.model(size, path), case.tensors, source)
            for tensor in case.tensors:
                try:
                    found = engine.run(case, size, path, source, tensor, scratch)
                    difference = relative_difference(found, expected[tensor])
                except Failure as failure:
                    difference = failure
                rows.append(conformance_table.Row(case, size, tensor, expected[tensor].shape, difference, TOLERANCE))
                print(conformance_table.progress(rows[-1]), file=sys.stderr, flush=True)
        if not options.self_check and not isinstance(case.weights, str):
            path.unlink()  # VGG-16 with top is half a gigabyte
    return rows


def relative_difference(found, expected):
    """The largest |difference| over the largest magnitude. NaN where either holds one, which no tolerance admits."""
    if found.shape != expected.shape:
        raise Failure(f"shape {list(found.shape)}")
    if found.dtype != np.float32:
        raise Failure(f"numbers of type {found.dtype}")
    return float(np.abs(found.astype(np.float64) - expected).max() / np.abs(expected).max())


def self_check(options, scratch):
    """Shows that the comparison can tell: what equals passes, what is slightly wrong fails, in every row."""
    same = compare(Keras(), options, scratch)
    perturbed = compare(PerturbedKeras(), options, scratch)
    wrongly_failed = [row for row in same if not row.passes]
    wrongly_passed = [row for row in perturbed if row.passes]
    print(f"Keras against itself: {len(same) - len(wrongly_failed)} of {len(same)} pass; against a perturbed copy: "
          f"{len(perturbed) - len(wrongly_passed)} of {len(perturbed)} fail")
    return not wrongly_failed and not wrongly_passed


def compare_training(options, scratch):
    tool = os.environ.get("TRAINING_CHECK")
    if not tool:
        sys.exit("conformance: no TrainingCheck binary; set TRAINING_CHECK to its path or run tools/conformance")
    rows, passes = training.compare(tool, options.only, scratch)
    table = training.markdown(rows)
    print(table)
    if options.write:
        conformance_table.write(table, ROOT / "docs" / "CONFORMANCE.md", section="training")
    return passes


def compare_torch(options, scratch):
    import conformance_torch  # only here: timm takes its time to load

    rows, passes = conformance_torch.compare(graft(), options.only, options.weights, scratch)
    if options.write:
        conformance_table.write(conformance_torch.markdown(rows), ROOT / "docs" / "CONFORMANCE.md", section="torch")
    return passes


def compare_keras_files(options, scratch):
    tool = os.environ.get("RUN_NETWORK")
    if not tool:
        sys.exit("conformance: no RunNetwork binary; set RUN_NETWORK to its path or run tools/conformance")
    import keras_conformance  # which loads two Kerases

    rows = keras_conformance.compare(tool, scratch, options.weights.parent, options.only)
    table = keras_conformance.markdown(rows)
    print(table)
    if options.write:
        conformance_table.write(table, ROOT / "docs" / "CONFORMANCE.md", section="keras")
    return all(row.passes for row in rows)


def compare_exports(options, scratch):
    tool = os.environ.get("RUN_NETWORK")
    if not tool:
        sys.exit("conformance: no RunNetwork binary; set RUN_NETWORK to its path or run tools/conformance")
    import export_conformance_table  # which loads two Kerases, PyTorch and ONNX Runtime

    results = export_conformance_table.compare(graft().path, tool, options.data, scratch, options.only)
    table = export_conformance_table.markdown(results)
    print(table)
    if options.write:
        conformance_table.write(table, ROOT / "docs" / "CONFORMANCE.md", section="export")
    return all(result.passes for result in results)


def main():
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="graft-conformance-") as folder:
        scratch = Path(folder)
        if options.features:
            engine = None if options.without_graft else graft()
            conformance_features.compare(engine, options.weights, options.data, scratch)
            return True
        if options.keras:
            return compare_keras_files(options, scratch)
        if options.training:
            return compare_training(options, scratch)
        if options.torch:
            return compare_torch(options, scratch)
        if options.export:
            return compare_exports(options, scratch)
        if options.self_check:
            return self_check(options, scratch)
        rows = compare(graft(), options, scratch)
    table = conformance_table.markdown(rows, TOLERANCE)
    print(table)
    if options.write:
        conformance_table.write(table, ROOT / "docs" / "CONFORMANCE.md")
    return all(row.passes for row in rows)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
