"""Writes Tests/GraftFormatsTests/Fixtures/torch: small files as torch.save makes them, and what torch.load finds in them and in
the real ones of ../shared: for every tensor its dotted name, type, shape and the first 16 digits of the SHA-256 of its elements in row-major order."""

import hashlib
import io
import json
import pickle
import tarfile
import zipfile
from collections import OrderedDict
from pathlib import Path
from unittest import mock

import numpy as np
import torch

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "Tests" / "GraftFormatsTests" / "Fixtures" / "torch"
SHARED = ROOT.parent / "shared"


def ramp(*shape, start=0.0):
    count = int(np.prod(shape))
    return torch.arange(count, dtype=torch.float32).reshape(shape) + start


def state():
    return OrderedDict([
        ("conv.weight", ramp(2, 3, 2, 2)), ("conv.bias", ramp(2, start=100)), ("bn.running_mean", ramp(2, start=200)),
        ("bn.num_batches_tracked", torch.tensor(7)),
    ])


def types():
    names = ("float16", "bfloat16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32",
             "uint64")
    tensors = {name: torch.arange(5).to(getattr(torch, name)) for name in names}
    return tensors | {"bool": torch.tensor([True, False, True]), "complex64": torch.ones(2, dtype=torch.complex64)}


def views():
    """One storage of 24 elements behind several tensors."""
    base = ramp(4, 6)
    return {
        "base": base, "transposed": base.t(), "row": base[2], "column": base[:, 3], "corner": base[1:3, ::2],
        "scalar": base[3, 5], "empty": base[:0], "channels_last": ramp(2, 3, 4, 4).contiguous(memory_format=torch.channels_last),
    }


class Block(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(1, 2, 1)
        self.register_buffer("scale", ramp(2))


class Network(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.first = Block()
        self.last = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.BatchNorm1d(3))

    def forward(self, images):
        return self.last(self.first.conv(images).mean((2, 3)))


def network():
    torch.manual_seed(1)
    return Network().eval()


def rewritten(source, change):
    """The archive again with its entries as `change` maps them: name, bytes -> bytes or None, and the compression."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.infolist():
            data, method = change(entry.filename, old.read(entry))
            if data is not None:
                stamp = zipfile.ZipInfo(entry.filename, (1980, 1, 1, 0, 0, 0))
                new.writestr(stamp, data, method)
    return target.getvalue()


def saved(value, **options):
    buffer = io.BytesIO()
    torch.save(value, buffer, **options)
    return buffer.getvalue()


def with_sources(write):
    """The old format carries the source of each class; here a line in its stead, for the true ones name this machine's folders."""
    with mock.patch("torch.serialization.get_source_lines_and_file", lambda thing: (["class Source: ...\n"], 0, "source.py")):
        return write()


def scripted(module):
    buffer = io.BytesIO()
    torch.jit.save(torch.jit.script(module), buffer)
    return buffer.getvalue()


def files():
    """{name: bytes}: those that torch.load reads, and then those that Graft must refuse."""
    legacy = {"_use_new_zipfile_serialization": False}
    good = {
        "state.pt": saved(state()),
        "state-legacy.pt": saved(state(), **legacy),
        "types.pt": saved(types()),
        "types-legacy.pt": saved({name: tensor for name, tensor in types().items() if not name.startswith("uint") or
                                  name == "uint8"}, **legacy),
        "views.pt": saved(views()),
        "views-legacy.pt": saved(views(), **legacy),
        "checkpoint.pt": saved({
            "epoch": 12, "arch": "resnet18", "best": np.float64(91.5), "optimizer": {"state": {0: {"m": ramp(3)}}},
            "ema": {"w": ramp(2, start=5)}, "state_dict": {"module.w": ramp(2), "module.b": torch.nn.Parameter(ramp(1))}}),
        "nested.pt": saved({"layer1": {"weight": ramp(2, 2), "parts": [ramp(1), ramp(1, start=1)]}, "note": "none"}),
        "protocol4.pt": saved(state(), pickle_protocol=4),
        "parameter.pt": saved(torch.nn.Parameter(ramp(3, 2))),
        "module.pt": saved(network()),
        "module-legacy.pt": with_sources(lambda: saved(network(), **legacy)),
        "scripted.pt": rewritten(scripted(network()), lambda name, data: (
            None if name.endswith(".debug_pkl") else data, zipfile.ZIP_STORED)),
        "deflated.pt": rewritten(saved(state()), lambda name, data: (data, zipfile.ZIP_DEFLATED)),
    }
    bad = {
        "big-endian.pt": rewritten(saved(state()), lambda name, data: (
            b"big" if name.endswith("/byteorder") else data, zipfile.ZIP_STORED)),
        "missing-storage.pt": rewritten(saved(state()), lambda name, data: (
            None if name.endswith("data/1") else data, zipfile.ZIP_STORED)),
        "short-storage.pt": rewritten(saved(state()), lambda name, data: (
            data[:20] if name.endswith("data/0") else data, zipfile.ZIP_STORED)),
        "optimizer.pt": saved({"optimizer": {"state": {0: {"m": ramp(3)}}}, "epoch": 3}),
        "other.pkl": pickle.dumps({"weights": [1, 2, 3]}, protocol=2),
        "tar.pt": tar(),
    }
    return good, bad


def tar():
    """The outside of the oldest format; Graft looks no further."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(tarfile.TarInfo("storages"))
    return target.getvalue()[:1024]


def tensors(value, prefix=""):
    """[(dotted name, tensor)] of all that is in a loaded object."""
    if isinstance(value, torch.nn.Module):
        value = value.state_dict()
    if isinstance(value, torch.Tensor):
        return [(prefix, value.detach())]
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, (list, tuple)) else []
    return [found for key, inner in pairs for found in tensors(inner, f"{prefix}.{key}" if prefix else str(key))]


def described(tensor):
    dense = tensor.contiguous()
    data = dense.reshape(-1).view(torch.uint8).numpy().tobytes() if dense.numel() else b""
    return [str(tensor.dtype).removeprefix("torch."), list(tensor.shape), hashlib.sha256(data).hexdigest()[:16]]


def facts(data):
    loaded = torch.jit.load(io.BytesIO(data)) if b"constants.pkl" in data else \
        torch.load(io.BytesIO(data), map_location="cpu", weights_only=False)
    return [[name, *described(tensor)] for name, tensor in tensors(loaded)]


def write(name, table):
    lines = ",\n".join(f"{json.dumps(file)}: [\n" + ",\n".join("  " + json.dumps(row) for row in rows) + "]"
                       for file, rows in table.items())
    (FOLDER / name).write_text("{\n" + lines + "\n}\n")


def main():
    FOLDER.mkdir(exist_ok=True)
    good, bad = files()
    for name, data in {**good, **bad}.items():
        (FOLDER / name).write_bytes(data)
    write("expected.json", {name: facts(data) for name, data in good.items()})
    if SHARED.exists():
        real = sorted([*SHARED.glob("material/torch/**/*.pt*"), *SHARED.glob("weights/*.th")])
        # broken.pt holds three letters.
        found = {str(path.relative_to(SHARED)): facts(path.read_bytes()) for path in real if path.stat().st_size > 3}
        write("expected-shared.json", {name: rows for name, rows in found.items()})


if __name__ == "__main__":
    main()
