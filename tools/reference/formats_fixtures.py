"""Writes the fixtures of GraftFormatsTests: small HDF5, NumPy and safetensors files as other programs write them.

Run: .venv-reference/bin/python tools/reference/formats_fixtures.py
Every tensor holds 0, 1, 2, … in row-major order, plus a number of its own, so that tests need no golden file: they
are exact in every element type. The HDF5 layouts follow keras/engine/saving.py of Keras 1.2, 2.2 and tf.keras 2.x.
"""

import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import zipfile

import h5py
import numpy as np
import safetensors.numpy

FOLDER = os.path.join(os.path.dirname(__file__), "..", "..", "Tests", "GraftFormatsTests", "Fixtures")


def ramp(shape, start, dtype="<f4"):
    return (np.arange(np.prod(shape)) + start).reshape(shape).astype(dtype)


def path(name):
    return os.path.join(FOLDER, name)


def fixed_names(names):
    """Fixed-length strings, as Keras 1 and 2 wrote them: a plain list of bytes makes today's h5py write another type."""
    return np.array([name.encode("utf8") for name in names])


def weights(group, layers, fixed=True):
    """What Keras's save_weights_to_hdf5_group does; `layers` is [(name, [(weight name, array, options)])]."""

    def names(list_):
        if fixed:
            return fixed_names(list_)
        return np.array(list_, dtype=h5py.string_dtype())

    group.attrs["layer_names"] = names([name for name, _ in layers])
    for name, tensors in layers:
        layer = group.create_group(name)
        layer.attrs["weight_names"] = names([w for w, _, _ in tensors]) if tensors else []
        for weight, array, options in tensors:
            layer.create_dataset(weight, data=array, **options)


def keras1():
    """Layer names with '/', kernels before biases, layers without weights; nothing else at the root."""
    with h5py.File(path("keras1.h5"), "w") as f:
        weights(f, [
            ("input_1", []),
            ("fire2/squeeze1x1", [
                ("fire2/squeeze1x1_W:0", ramp((1, 1, 3, 2), 100), {}),
                ("fire2/squeeze1x1_b:0", ramp((2,), 200), {}),
            ]),
            ("fire2/relu", []),
            ("conv10", [("conv10_W:0", ramp((3, 3, 2, 4), 300), {}), ("conv10_b:0", ramp((4,), 400), {})]),
        ])


def element_types():
    """Every way in which a data set can be stored: mapped as it is, or read through the library."""
    big = {"chunks": (2, 2), "compression": "gzip", "shuffle": True}
    with h5py.File(path("element-types.h5"), "w") as f:
        weights(f, [("dense", [
            ("float16", ramp((2, 3), 1, "<f2"), {}),
            ("float32", ramp((2, 3), 2, "<f4"), {}),
            ("float64", ramp((2, 3), 3, "<f8"), {}),
            ("int8", ramp((2, 3), 4, "i1"), {}),
            ("int64", ramp((2, 3), 5, "<i8"), {}),
            ("uint16", ramp((2, 3), 6, "<u2"), {}),
            ("float16_big", ramp((2, 3), 7, ">f2"), {}),
            ("float32_big", ramp((2, 3), 8, ">f4"), {}),
            ("float64_big", ramp((2, 3), 9, ">f8"), {}),
            ("int32_big", ramp((2, 3), 10, ">i4"), {}),
            ("gzip", ramp((5, 7), 11), big),
            ("gzip_big", ramp((5, 7), 12, ">f4"), big),
            ("scalar", np.float32(13), {}),
            ("none", np.zeros((0, 4), "<f4"), {}),
        ])])


def full_model():
    """A saved model: configuration beside the weights, names of variable length, a nested model's weights."""
    with h5py.File(path("full-model.h5"), "w") as f:
        f.attrs["keras_version"] = "2.2.4-tf"
        f.attrs["backend"] = np.bytes_("tensorflow")
        f.attrs["model_config"] = '{"class_name": "Sequential", "config": {"name": "größe"}}'
        f.attrs["training_config"] = "{}"
        weights(f.create_group("model_weights"), [
            ("base", [("conv/kernel:0", ramp((1, 1, 2, 2), 1), {}), ("conv/bias:0", ramp((2,), 2), {})]),
            ("dense", [("dense/kernel:0", ramp((2, 2), 3), {})]),
        ], fixed=False)
        own = f["model_weights"].create_group("top_level_model_weights")
        own.attrs["weight_names"] = fixed_names(["scale:0"])
        own.create_dataset("scale:0", data=ramp((1,), 4))


def split_attributes():
    """Lists of names too long for one attribute, in pieces; a block of the user's own in front of it all."""
    with h5py.File(path("split-attributes.h5"), "w", userblock_size=512) as f:
        f.attrs["layer_names0"] = fixed_names(["a", "b"])
        f.attrs["layer_names1"] = fixed_names(["c"])
        for start, name in enumerate("abc"):
            layer = f.create_group(name)
            layer.attrs["weight_names0"] = fixed_names(["k"])
            layer.attrs["weight_names1"] = fixed_names(["l"])
            layer.create_dataset("k", data=ramp((2,), 10 * start))
            layer.create_dataset("l", data=ramp((2,), 10 * start + 5))


def latest_superblock():
    with h5py.File(path("superblock3.h5"), "w", libver="latest") as f:
        weights(f, [("dense", [("kernel:0", ramp((2, 2), 1), {})])])


def broken():
    """Sound HDF5 that is wrong as a weights file."""
    kernel = ("kernel:0", ramp((2, 2), 1), {})
    with h5py.File(path("missing-weight.h5"), "w") as f:
        weights(f, [("dense", [kernel])])
        f["dense"].attrs["weight_names"] = fixed_names(["kernel:0", "bias:0"])
    with h5py.File(path("missing-layer.h5"), "w") as f:
        weights(f, [("dense", [kernel])])
        f.attrs["layer_names"] = fixed_names(["dense", "dense_1"])
    with h5py.File(path("twice.h5"), "w") as f:
        weights(f, [("dense", [kernel])])
        f.attrs["layer_names"] = fixed_names(["dense", "dense"])
    with h5py.File(path("no-weight-names.h5"), "w") as f:
        weights(f, [("dense", [kernel])])
        del f["dense"].attrs["weight_names"]
    with h5py.File(path("numbers-for-names.h5"), "w") as f:
        weights(f, [("dense", [kernel])])
        f.attrs["layer_names"] = np.array([1, 2])
    with h5py.File(path("links.h5"), "w") as f:
        weights(f, [("dense", [kernel])])
        del f["dense/kernel:0"]
        f["dense/kernel:0"] = h5py.ExternalLink("keras1.h5", "/conv10/conv10_W:0")
        f["loop"] = h5py.SoftLink("/")
        f["dense/self"] = f["dense"]
    with h5py.File(path("external-storage.h5"), "w") as f:
        weights(f, [("dense", [])])
        f["dense"].attrs["weight_names"] = fixed_names(["kernel:0"])
        f["dense"].create_dataset("kernel:0", (4,), "<f4", external=[("elsewhere.bin", 0, 16)])
    with h5py.File(path("unwritten.h5"), "w") as f:
        weights(f, [("dense", [])])
        f["dense"].attrs["weight_names"] = fixed_names(["kernel:0"])
        f["dense"].create_dataset("kernel:0", (1 << 30, 1 << 10), "<f4")
    with h5py.File(path("bomb.h5"), "w") as f:
        weights(f, [("dense", [])])
        f["dense"].attrs["weight_names"] = fixed_names(["kernel:0"])
        bomb = f["dense"].create_dataset("kernel:0", (1 << 30, 1 << 10), "<f4", chunks=(1, 4), compression="gzip")
        bomb[0, :4] = 1
    with h5py.File(path("text-for-weights.h5"), "w") as f:
        weights(f, [("dense", [("kernel:0", np.array([b"one", b"two"]), {})])])
    with h5py.File(path("other.h5"), "w") as f:
        f.create_dataset("images", data=ramp((2, 2), 1))
        f.create_group("labels").create_dataset("names", data=np.array([b"one", b"two"]))
    with h5py.File(path("keras3.weights.h5"), "w") as f:
        f.create_dataset("layers/dense/vars/0", data=ramp((2, 2), 1))


def trees():
    """Attributes of every kind, and every kind of link."""
    with h5py.File(path("tree.h5"), "w") as f:
        f.attrs["count"] = np.int64(3)
        f.attrs["list"] = np.array([[1.5, np.nan], [np.inf, -2]], ">f4")
        f.attrs["nothing"] = np.zeros((0,))
        f.attrs["text"] = "größe"
        f.attrs["texts"] = fixed_names(["one", "", "three"])
        f.attrs["structure"] = np.zeros(1, dtype=[("a", "<f4")])
        f.attrs["long"] = np.arange(5000)
        f.create_dataset("group/numbers", data=ramp((2,), 1)).attrs["unit"] = "m"
        f["group/kind"] = np.dtype("<f4")
        f["again"] = f["group/numbers"]
        f["group/within"] = f["group"]
        f["absolute"] = h5py.SoftLink("/group/numbers")
        f["group/relative"] = h5py.SoftLink("numbers")
        f["folder"] = h5py.SoftLink("/group")
        f["nowhere"] = h5py.SoftLink("/none")
        f["circle"] = h5py.SoftLink("/other")
        f["other"] = h5py.SoftLink("/circle")
        f["outside"] = h5py.ExternalLink("keras1.h5", "/conv10")
        f.create_dataset("packed", data=ramp((1000,), 0), compression="gzip")


def keras3():
    """What keras/src/saving/saving_lib.py writes: variables by the way to each layer, names beside them."""
    import io

    import ml_dtypes

    def variables(f, layers, place, named=True):
        for at, name, tensors in layers:
            group = f.create_group(f"{place}/{at}/vars")
            if named:
                group.attrs["name"] = name
            for number, tensor in enumerate(tensors):
                group[str(number)] = tensor

    layers = [
        ("conv2d", "stem", [ramp((1, 1, 2, 2), 1), ramp((2,), 5)]),
        ("functional/layers/dense", "inner", [ramp((2, 3), 7)]),
        ("dropout/seed_generator", "seed", [np.array([1, 2], "u4")]),
    ]

    def fill(f, place="layers", named=True):
        variables(f, layers, place, named)
        f.create_group("vars")
        f.create_dataset("optimizer/vars/0", data=ramp((4,), 0), chunks=(2,), compression="gzip")

    with h5py.File(path("named.weights.h5"), "w") as f:
        fill(f)
        half = f["layers/conv2d/vars"].create_dataset("2", data=ramp((3,), 1).astype(ml_dtypes.bfloat16))
        half.attrs["dtype"] = "bfloat16"
    with h5py.File(path("old.weights.h5"), "w") as f:
        for at, _, tensors in layers:
            at = at.replace("layers", "_layer_checkpoint_dependencies")
            variables(f, [(at, "", tensors)], "_layer_checkpoint_dependencies", named=False)

    memory = io.BytesIO()
    with h5py.File(memory, "w") as f:
        fill(f)
    config = '{"class_name": "Sequential", "config": {}, "compile_config": {"loss": "größe"}}'
    metadata = '{"keras_version": "3.15.1", "date_saved": "2024-01-01@00:00:00"}'
    for name, method in (("stored.keras", zipfile.ZIP_STORED), ("deflated.keras", zipfile.ZIP_DEFLATED)):
        with zipfile.ZipFile(path(name), "w", method) as z:
            entries = [("metadata.json", metadata), ("config.json", config), ("model.weights.h5", memory.getvalue())]
            for entry, contents in entries[:: 1 if method == zipfile.ZIP_STORED else -1]:
                info = zipfile.ZipInfo(entry, (2020, 1, 1, 0, 0, 0))
                info.compress_type = method
                z.writestr(info, contents)


def damaged():
    """Files that libhdf5 1.10.8 crashes on, and spins over, for ever: found by changing bytes of full-model.h5 by chance."""
    with open(path("full-model.h5"), "rb") as f:
        whole = f.read()
    for name, changes in (("crashes.h5", {1037: 255}), ("spins.h5", {2280: 203, 6282: 255, 12022: 239})):
        damaged = bytearray(whole)
        for position, byte in changes.items():
            damaged[position] = byte
        with open(path(name), "wb") as f:
            f.write(damaged)


def arrays():
    table = ramp((3, 4), 1)
    np.save(path("c-order.npy"), table)
    np.save(path("fortran-order.npy"), np.asfortranarray(table))
    np.save(path("big-endian.npy"), table.astype(">f8"))
    np.save(path("float16.npy"), table.astype("<f2"))
    np.save(path("int32-fortran-big.npy"), np.asfortranarray(table.astype(">i4")))
    np.save(path("uint8.npy"), table.astype("u1"))
    np.save(path("bool.npy"), table > 5)
    np.save(path("scalar.npy"), np.float32(7))
    np.save(path("vector.npy"), np.arange(5, dtype="<i8"))
    for version in (2, 3):
        with open(path(f"version{version}.npy"), "wb") as f:
            np.lib.format.write_array(f, table, version=(version, 0))
    np.save(path("complex.npy"), table.astype("<c8"))
    np.save(path("structure.npy"), np.zeros(2, dtype=[("a", "<f4"), ("b", "<i4")]))


def tensors():
    import torch
    import safetensors.torch

    safetensors.numpy.save_file(
        {"conv.weight": ramp((2, 3), 1), "conv.bias": ramp((2,), 2, "<f2"), "steps": ramp((3,), 3, "<i8")},
        path("reference.safetensors"), metadata={"note": "größe / \"quoted\""})
    safetensors.torch.save_file(
        {"odd": torch.arange(3, dtype=torch.uint8), "half": torch.arange(4).to(torch.bfloat16)},
        path("bfloat16.safetensors"))


def archives():
    """Entries stored, deflated and with sizes in ZIP64's eight bytes; an extra field that moves the data, as PyTorch's."""

    def entry(name, method):
        info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
        info.compress_type = method
        return info

    with zipfile.ZipFile(path("entries.zip"), "w") as z:
        z.writestr(entry("empty", zipfile.ZIP_STORED), b"")
        z.writestr(entry("folder/stored", zipfile.ZIP_STORED), ramp((4,), 1).tobytes())
        z.writestr(entry("folder/deflated", zipfile.ZIP_DEFLATED), ramp((64,), 0, "u1").tobytes() * 64)
        with z.open(entry("large", zipfile.ZIP_STORED), "w", force_zip64=True) as f:
            f.write(ramp((2,), 5).tobytes())
        padded = entry("padded", zipfile.ZIP_STORED)
        padded.extra = b"FB\x05\x00ZZZZZ"
        z.writestr(padded, ramp((3,), 7).tobytes())
        z.comment = b"PK\x05\x06 in the comment"
    with zipfile.ZipFile(path("lzma.zip"), "w") as z:
        z.writestr(entry("packed", zipfile.ZIP_LZMA), b"x" * 100)


if __name__ == "__main__":
    for make in (keras1, element_types, full_model, split_attributes, latest_superblock, broken, trees, keras3, damaged,
                 arrays, tensors, archives):
        make()
    print(f"{sum(os.path.getsize(path(n)) for n in os.listdir(FOLDER)):,} bytes in {FOLDER}")
