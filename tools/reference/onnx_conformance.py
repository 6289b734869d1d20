"""Holds Graft's import of ONNX files against the `onnx` package's test data and ONNX Runtime.

Run it through tools/conformance --onnx, which builds RunNetwork.
"""

import argparse
import os
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

import onnx_conformance_backend as backend
import onnx_conformance_run as engine

ROOT = Path(__file__).resolve().parents[2]


def arguments():
    parser = argparse.ArgumentParser(prog="tools/conformance --onnx", description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", metavar="TEXT", help="only the cases whose name holds this text")
    parser.add_argument("--sections", default="light,converted,nodes,files,zoo", metavar="LIST")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", metavar="FOLDER",
                        help="the folder with real files under weights/ and material/onnx/")
    parser.add_argument("--details", action="store_true", help="a line for each case")
    return parser.parse_args()


def cases(options, scratch):
    for section in options.sections.split(","):
        if section == "light":
            yield from backend.light()
        elif section == "converted":
            for kind in ("pytorch-converted", "pytorch-operator", "simple"):
                yield from backend.folders(kind)
        elif section == "nodes":
            yield from backend.nodes(scratch)
        elif section == "files":
            import onnx_conformance_zoo
            yield from onnx_conformance_zoo.files(options.shared)
        elif section == "zoo":
            import onnx_conformance_zoo
            yield from onnx_conformance_zoo.exported(scratch, options.only)
        else:
            sys.exit(f"conformance: there is no section {section!r}")


def main():
    options = arguments()
    if not os.environ.get("RUN_NETWORK"):
        sys.exit("conformance: no RunNetwork binary; set RUN_NETWORK to its path or run tools/conformance --onnx")
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        chosen = [case for case in cases(options, scratch) if options.only.lower() in case.name.lower()]
        verdicts = engine.run(chosen, scratch)
    counts = defaultdict(Counter)
    for verdict in verdicts:
        kind = "matches" if verdict.passes else "refused" if verdict.refused else "FAILS"
        counts[verdict.case.family][kind] += 1
        if options.details or kind == "FAILS" or len(verdicts) < 60:
            print(f"{verdict.case.family:20} {verdict.case.name:45} {verdict.title}")
    print("\n| of | match | refused by name | fail |\n|---|---|---|---|")
    for family, count in sorted(counts.items()):
        print(f"| {family} | {count['matches']} | {count['refused']} | {count['FAILS']} |")
    total = sum(counts.values(), Counter())
    print(f"| **all** | {total['matches']} | {total['refused']} | {total['FAILS']} |")
    sys.exit(1 if total["FAILS"] else 0)


if __name__ == "__main__":
    main()
