"""What is measured: one job for each figure, each a process of its own."""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
NETWORKS = ("resnet50", "vgg16", "inceptionv3", "xception")
# What finetune and predict are compared on.
EPOCHS = (5, 10)
GRAFT_SELECTIONS = {"forward": "head", "all": "all", "last": "from:conv5", "head": "head"}


@dataclass(frozen=True)
class Job:
    """`name` says what the tables look it up by; `identity` what else a figure depends on, so that one taken under
    other circumstances is not taken for this one. The median of `runs` counts; `needs` are made before, not timed."""

    name: str
    command: tuple[str, ...]
    identity: tuple[str, ...]
    needs: tuple[tuple[str, tuple[str, ...]], ...] = ()
    runs: int = 1
    measures_time: bool = False

    @property
    def key(self):
        return json.dumps([self.name, *self.identity])


def python(program, *arguments):
    return (sys.executable, str(HERE / program), *map(str, arguments))


class Plan:
    """Every job that `options` ask for, and the files that jobs need."""

    def __init__(self, options, graft, scratch, versions):
        self.options, self.graft, self.scratch, self.versions = options, graft, scratch, versions
        self.limit = os.environ.get("PEERS_LIMIT", "")
        self.files = scratch / (f"files-{Path(options.weights).stem}" if options.weights else "files")

    def jobs(self):
        for network in self.options.networks:
            for scope in ("forward", "all", "last", "head"):
                if scope != "last" or network == "resnet50":
                    yield from self.steps(scope, network)
        if self.options.data:
            yield from self.transfers()
            yield from self.predictions()

    def steps(self, scope, network):
        options = self.options
        batch = options.batch_for(scope, network)
        common = ("--network", network, "--scope", scope, "--batch", batch, "--steps", options.steps, "--threads",
                  options.threads)
        about = (f"batch {batch}", f"steps {options.steps}", f"threads {options.threads}")

        def job(engine, precision, command, version, needs=()):
            return Job(f"{scope}/{network}/{engine}/{precision}", command, (*about, self.versions[version]), needs)

        for precision in self.graft.bench_precisions:
            yield job("graft", precision, self.bench(scope, network, batch, precision), "graft")
        for precision in ("fp32", "bf16"):
            which = ("--precision", precision)
            yield job("keras", precision, python("keras_steps.py", *common, *which), "keras")
            yield job("torch", precision, python("torch_steps.py", *common, *which), "torch")
            if scope in ("forward", "all") and not options.without_compiler:
                yield job("torch-compiled", precision, python("torch_steps.py", *common, *which, "--compiled"), "torch")
        if scope == "forward":
            file = self.scratch / f"{network}-{batch}.onnx"
            need = (str(file), python("onnx_export.py", "--network", network, "--batch", batch, "--out", file))
            yield job("onnxruntime", "fp32", python("onnx_steps.py", *common, "--file", file), "onnxruntime", (need,))
        if self.limit and Path(self.limit).exists():
            file = self.scratch / f"{network}-{scope}.txt"
            need = (str(file), python("convolutions.py", "--network", network, "--scope", scope, "--out", file))
            for precision in ("fp32", "bf16", "int8") if scope == "forward" else ("fp32", "bf16"):
                command = (self.limit, str(file), str(batch), precision, str(options.steps))
                yield job("limit", precision, command, "limit", (need,))

    def bench(self, scope, network, batch, precision):
        """The forward pass is timed where only the head trains, so that the peak of memory is not the training's."""
        command = [self.graft.path, "bench", "--backbone", network, "--batch", str(batch), "--steps",
                   str(self.options.steps), "--unfreeze", GRAFT_SELECTIONS[scope], "--json"]
        command += ["--precision", precision] if self.graft.bench_has_precision else []
        command += [] if scope == "forward" else ["--training-only"]
        return tuple(command)

    @property
    def shared(self):
        weights = ("--weights", self.options.weights) if self.options.weights else ()
        return str(self.files / "agreement.json"), python("shared_files.py", "--folder", self.files, *weights)

    def transfers(self):
        options, data = self.options, self.options.data
        for epochs in options.epochs:
            about = (f"epochs {epochs}", f"threads {options.threads}", str(data), str(options.weights))
            common = ("--data", data, "--epochs", epochs, "--threads", options.threads)

            def job(engine, precision, command, version):
                return Job(f"transfer/{epochs}/{engine}/{precision}", command, (*about, self.versions[version]),
                           (self.shared,), options.runs, measures_time=True)

            for precision in self.graft.finetune_precisions:
                yield job("graft", precision, self.finetune(epochs, precision), "graft")
            for recipe in ("tutorial", "features"):
                for precision in ("fp32", "bf16"):
                    for engine, file in (("keras", "resnet50.h5"), ("torch", "model.pth")):
                        command = python(f"{engine}_transfer.py", recipe, "--weights", self.files / file, *common,
                                         "--precision", precision)
                        yield job(f"{engine}-{recipe}", precision, command, engine)

    def finetune(self, epochs, precision, out=None):
        command = [self.graft.path, "finetune", "--backbone", "resnet50", "--weights", str(self.files / "resnet50.h5"),
                   "--data", str(self.options.data), "--epochs", str(epochs), "--json", "--out",
                   str(out or self.scratch / "run")]
        # Every run computes its own activations, as everybody's does.
        command += ["--disk-cache", "0"]
        command += ["--precision", precision] if self.graft.finetune_has_precision else []
        return tuple(command)

    def predictions(self):
        photograph = sorted(Path(self.options.data, "val").glob("*/*.jpg"))[0]
        run = self.files / "run"
        make = (str(run / "model.json"), self.finetune(1, self.graft.finetune_precisions[0], run))
        threads = str(self.options.threads)
        about = (f"threads {threads}", str(photograph), str(self.options.weights))

        def job(engine, command, *needs):
            return Job(f"predict/resnet50/{engine}/fp32", command, (*about, self.versions[engine]),
                       (self.shared, *needs), self.options.short_runs, measures_time=True)

        yield job("graft", (self.graft.path, "predict", str(run), str(photograph), "--json"), make)
        for engine, program, file in (("keras", "keras_predict.py", "model.keras"),
                                      ("torch", "torch_predict.py", "model.pth"),
                                      ("onnxruntime", "onnx_predict.py", "model.onnx")):
            yield job(engine, python(program, self.files / file, photograph, threads))
