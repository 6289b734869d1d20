"""What every golden fixture shares: Graft's logical layout, seeded numbers and one safetensors file a layer family."""

import json
import struct
import zlib
from pathlib import Path

import numpy as np
import safetensors.numpy

FIXTURES = Path(__file__).resolve().parents[2] / "Tests" / "GraftEngineTests" / "Fixtures"


def generator(family, case):
    """A generator of its own for every case, so that adding a case leaves the others' numbers alone."""
    return np.random.default_rng(zlib.crc32(f"{family}/{case}".encode()))


def normal(random, *shape, scale=1.0):
    """Normal numbers that float32 holds exactly, as float64: the reference then sees the very numbers Graft sees."""
    return (random.standard_normal(shape) * scale).astype(np.float32).astype(np.float64)


def distinct(random, *shape, low=-1.0, high=1.0):
    """Evenly spaced numbers in random order: no two are equal, so that a maximum has one place."""
    count = int(np.prod(shape))
    return random.permutation(np.linspace(low, high, count)).reshape(shape).astype(np.float32).astype(np.float64)


def channels_last(activation):
    """[N, C, H, W] to [N, H, W, C]; [N, C] stays."""
    return np.ascontiguousarray(np.moveaxis(activation, 1, -1))


def channels_first(activation):
    """[N, H, W, C] to [N, C, H, W]; [N, C] stays."""
    return np.ascontiguousarray(np.moveaxis(activation, -1, 1))


def same_pads(size, window, strides, dilation=(1, 1)):
    """Top, bottom, left, right of 'same' padding as TensorFlow defines it: the odd one goes to bottom and right."""
    pads = []
    for length, extent, stride, spread in zip(size, window, strides, dilation):
        outputs = -(-length // stride)
        total = max((outputs - 1) * stride + (extent - 1) * spread + 1 - length, 0)
        pads += [total // 2, total - total // 2]
    return pads


class Family:
    """The cases of one layer family, written as `<name>.safetensors` with the layer's options in the metadata."""

    def __init__(self, name, source):
        self.name = name
        self.metadata = {"source": source}
        self.tensors = {}

    def add(self, case, options, **tensors):
        assert case not in self.metadata, f"{self.name}: two cases are called {case}"
        self.metadata[case] = json.dumps(options)
        for role, tensor in tensors.items():
            numbers = np.ascontiguousarray(np.asarray(tensor, dtype=np.float32))
            assert np.isfinite(numbers).all(), f"{self.name}/{case}/{role} is not finite"
            self.tensors[f"{case}/{role}"] = numbers

    def write(self, folder):
        path = folder / f"{self.name}.safetensors"
        path.write_bytes(with_sorted_metadata(safetensors.numpy.save(self.tensors, metadata=self.metadata)))
        print(f"{path.name}: {len(self.metadata) - 1} cases, {path.stat().st_size:,} bytes")
        return path.stat().st_size


def with_sorted_metadata(content):
    """The library writes the metadata in another order each time; sorted, the same numbers are the same bytes."""
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    header["__metadata__"] = dict(sorted(header["__metadata__"].items()))
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + content[8 + length :]
