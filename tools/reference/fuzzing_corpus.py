"""Writes tools/fuzzing/corpus, the files that tools/fuzz begins with: small ones of every format, from the fixtures of the tests
and from networks of one layer, as Graft exports them.

Run: .venv-reference/bin/python tools/reference/fuzzing_corpus.py [GRAFT]
GRAFT is the built program, .build/debug/graft where it is left out.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import h5py
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import save_file

import export_conformance_layers

ROOT = Path(__file__).resolve().parents[2]
FORMATS = ROOT / "Tests" / "GraftFormatsTests" / "Fixtures"
IMPORT = ROOT / "Tests" / "GraftImportTests" / "Fixtures"
CORPUS = ROOT / "tools" / "fuzzing" / "corpus"

# Every so many of the networks of one layer: enough for every kind of layer in every format.
STEP = {"graph": 3, "onnx": 3, "keras": 6}


def write(target, name, content):
    folder = CORPUS / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)


def copies(target, paths, largest=8192):
    for path in sorted(paths):
        if path.stat().st_size <= largest:
            write(target, path.name, path.read_bytes())


def layers(graft, scratch):
    """Each of the conformance's networks of one layer as Graft's own graph, as ONNX, and as a Keras configuration."""
    for number, case in enumerate(export_conformance_layers.CASES):
        network = case.network(seed=1)
        name = f"{number:03}"
        graph = {"nodes": network.nodes, "outputs": [network.nodes[-1]["name"]]}
        if number % STEP["graph"] == 0:
            write("graph", f"{name}.json", json.dumps(graph, separators=(",", ":")))
        network.save(scratch / "network.safetensors")
        for ending in ("onnx", "keras"):
            target = scratch / f"{name}.{ending}"
            command = [graft, "export", scratch / "network.safetensors", "--format", ending, "--out", target]
            if number % STEP[ending] == 0 and subprocess.run(command, capture_output=True).returncode == 0:
                if ending == "keras":
                    with zipfile.ZipFile(target) as archive:
                        write("keras", f"{name}.json", archive.read("config.json"))
                elif target.stat().st_size < 2048:
                    write("onnx", f"{name}.onnx", target.read_bytes())


def configurations():
    """What Keras files of all ages say of their networks."""
    for path in sorted([*IMPORT.glob("*.h5"), FORMATS / "full-model.h5"]):
        with h5py.File(path) as file:
            text = file.attrs.get("model_config")
        if text is not None and len(text) <= 12_000:
            write("keras", f"{path.stem}.json", text)


def folded_onnx():
    """What exporters compute from shapes, a function, a constant node, and a reshape whose size is known only then."""
    def constant(name, value):
        return helper.make_node("Constant", [], [name], value=numpy_helper.from_array(np.array(value, np.int64)))
    nodes = [
        helper.make_node("Conv", ["x", "kernel"], ["convolved"], kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
        helper.make_node("Shape", ["convolved"], ["shape"]),
        constant("zero", 0), constant("axes", [0]), constant("rest", [-1]), constant("start", [0]), constant("end", [1]),
        helper.make_node("Gather", ["shape", "zero"], ["batch"], axis=0),
        helper.make_node("Unsqueeze", ["batch", "axes"], ["batches"]),
        helper.make_node("Slice", ["shape", "start", "end"], ["sliced"]),
        helper.make_node("Concat", ["batches", "rest"], ["size"], axis=0),
        helper.make_node("Twice", ["convolved"], ["doubled"], domain="own"),
        helper.make_node("Reshape", ["doubled", "size"], ["flat"]),
        helper.make_node("Gemm", ["flat", "weights", "bias"], ["y"], transB=1, alpha=0.5),
    ]
    function = helper.make_function(
        "own", "Twice", ["a"], ["b"], [helper.make_node("Add", ["a", "a"], ["b"])], [helper.make_opsetid("", 17)])
    tensors = [numpy_helper.from_array(np.ones(shape, np.float32), name) for name, shape in
               {"kernel": (2, 3, 3, 3), "weights": (4, 32), "bias": (4,)}.items()]
    graph = helper.make_graph(
        nodes, "folded", [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 3, 4, 4])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["N", 4])], tensors)
    model = helper.make_model(
        graph, functions=[function], opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("own", 1)])
    write("onnx", "folded.onnx", model.SerializeToString())


def safetensors(scratch):
    copies("safetensors", [*FORMATS.glob("*.safetensors"), *(IMPORT / "torch").glob("*.safetensors")])
    for title in ("Conv2D, 2 groups", "branches of different depths", "a layer that two nodes share"):
        case = next(case for case in export_conformance_layers.CASES if case.title == title)
        case.network(seed=1).save(scratch / "network.safetensors")
        write("safetensors", f"{title.replace(' ', '-').replace(',', '')}.safetensors",
              (scratch / "network.safetensors").read_bytes())
    # The parts lie in a folder of their own: they are no inputs.
    parts = CORPUS.parent / "beside" / "safetensors-index"
    parts.mkdir(parents=True, exist_ok=True)
    names = {"model-1.safetensors": ["a.weight", "a.bias"], "model-2.safetensors": ["b.weight"]}
    for part, tensors in names.items():
        save_file({name: np.arange(4, dtype=np.float32) for name in tensors}, parts / part)
    index = {name: part for part, tensors in names.items() for name in tensors}
    write("safetensors-index", "index.json", json.dumps({"metadata": {"total_size": 48}, "weight_map": index}))
    write("safetensors-index", "one.json", json.dumps({"weight_map": {"a.bias": "model-1.safetensors"}}))


def torch():
    checkpoints = [*(FORMATS / "torch").glob("*.p*"), *(IMPORT / "torch").glob("*.pth")]
    copies("torch", checkpoints)
    for path in sorted(checkpoints):
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                name = next(name for name in archive.namelist() if name.endswith("data.pkl"))
                write("pickle", f"{path.stem}.pkl", archive.read(name))


def zips():
    copies("zip", [*FORMATS.glob("*.zip"), FORMATS / "deflated.keras", FORMATS / "torch" / "deflated.pt",
                   FORMATS / "torch" / "state.pt"])


def hdf5(graft, scratch):
    files = [FORMATS / name for name in (
        "keras1.h5", "keras3.weights.h5", "split-attributes.h5", "superblock3.h5", "links.h5", "bomb.h5",
        "external-storage.h5", "element-types.h5")] + [IMPORT / "th_top.h5"]
    copies("hdf5", files, largest=16_384)
    small = scratch / "small.h5"
    with h5py.File(IMPORT / "keras_nested_2.h5") as old, h5py.File(small, "w") as new:
        new.attrs["model_config"] = old.attrs["model_config"]
        new.create_group("model_weights").attrs["layer_names"] = np.array([], "S1")
    for path in [*files, small]:
        answer = scratch / "answer"
        with answer.open("wb") as output:
            subprocess.run([graft, "read-hdf5", '{"all":{}}', path, "input"], stdout=output, check=True)
        if answer.stat().st_size <= 16_384:
            write("hdf5-answer", f"{path.stem}.answer", answer.read_bytes())


def main():
    graft = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / ".build" / "debug" / "graft").resolve()
    shutil.rmtree(CORPUS, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        layers(graft, scratch)
        configurations()
        folded_onnx()
        safetensors(scratch)
        torch()
        copies("numpy", FORMATS.glob("*.npy"))
        copies("onnx", (FORMATS / "onnx").glob("*.onnx"))
        zips()
        hdf5(graft, scratch)
    for target in sorted(CORPUS.iterdir()):
        sizes = [path.stat().st_size for path in target.iterdir()]
        print(f"{target.name}: {len(sizes)} files, {sum(sizes):,} bytes")


if __name__ == "__main__":
    main()
