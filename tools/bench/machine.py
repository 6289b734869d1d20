"""What the figures were taken on, and with which versions."""

import hashlib
import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

# Instructions that decide how fast a convolution can be.
TELLING_FLAGS = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16", "amx_int8")


class Graft:
    """The binary, and which precisions its commands know."""

    def __init__(self, path):
        self.path = path
        self.bench_has_precision = "--precision" in self.ask("bench", "--help")
        self.finetune_has_precision = "--precision" in self.ask("finetune", "--help")
        # Without the option everything is in float32.
        self.bench_precisions = ("fp32", "bf16") if self.bench_has_precision else ("fp32",)
        self.finetune_precisions = ("fp32", "bf16") if self.finetune_has_precision else ("fp32",)
        self.version = self.ask("--version").strip()
        self.fingerprint = digest(path)

    def ask(self, *arguments):
        return subprocess.run([self.path, *arguments], capture_output=True, text=True, check=True).stdout


def versions(graft, limit):
    """{engine: what a figure of it depends on}."""
    return {
        "graft": f"graft {graft.fingerprint}",
        "keras": f"keras {installed('keras')} tensorflow {tensorflow()}",
        "torch": f"torch {installed('torch')} torchvision {installed('torchvision')} timm {installed('timm')}",
        "onnxruntime": f"onnxruntime {installed('onnxruntime')} torch {installed('torch')}",
        "limit": f"limit {digest(limit) if Path(limit).is_file() else 'none'}",
    }


def line(graft, threads, one_dnn):
    packages = ", ".join([
        f"Python {platform.python_version()}", f"Keras {installed('keras')}", f"TensorFlow {tensorflow()}",
        f"PyTorch {installed('torch')}", f"torchvision {installed('torchvision')}", f"timm {installed('timm')}",
        f"ONNX Runtime {installed('onnxruntime')}"])
    own = f"Graft {graft.version}" + (f" with oneDNN {one_dnn}" if one_dnn else "")
    return (f"Machine: {processor()}, {os.cpu_count()} processors, {memory()} GB, {system()}; {threads} threads for "
            f"everybody. {own}; {packages}.")


def digest(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]


def installed(package):
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"


def tensorflow():
    """The package for processors alone has another name."""
    return next((found for found in map(installed, ("tensorflow-cpu", "tensorflow")) if found != "missing"), "missing")


def processor():
    """Its name, and what of TELLING_FLAGS it has."""
    fields = {}
    for row in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = row.partition(":")
        fields.setdefault(name.strip(), value.strip())
    flags = set(fields.get("flags", "").split())
    family = f"family {fields.get('cpu family', '?')}, model {fields.get('model', '?')}"
    telling = ", ".join(flag for flag in TELLING_FLAGS if flag in flags)
    return f"{fields.get('model name', platform.machine())} ({family}; {telling})"


def memory():
    row = next(row for row in Path("/proc/meminfo").read_text().splitlines() if row.startswith("MemTotal"))
    return round(int(row.split()[1]) / 2**20)


def system():
    return platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
