"""Who computes the numbers that are held against Keras's: Graft, or stand-ins that show the comparison works."""

import subprocess

import numpy as np

import networks


class Failure(Exception):
    """Why there is no number to compare, in a few words."""


class Graft:
    """The command-line tool, through the files a user would give it."""

    def __init__(self, path):
        self.path = path

    def run(self, case, size, weights, source, tensor, scratch):
        """Raw float32 tensors in and out, in the order of the weights' framework; no preprocessing."""
        input_path, output_path = scratch / "input.npy", scratch / "output.npy"
        np.save(input_path, source)
        output_path.unlink(missing_ok=True)
        which = {"output": [], "logits": ["--logits"]}.get(tensor, ["--layer", tensor])
        self.call("run", "--backbone", case.backbone, "--weights", weights, "--input", input_path, *which,
                  "--output", output_path)
        return self.array(output_path)

    def features(self, backbone, weights, data, scratch):
        """Average-pooled features of a folder's photographs [N, C], and the text of the table that names the rows."""
        output_path = scratch / "features.npy"
        output_path.unlink(missing_ok=True)
        self.call("features", "--backbone", backbone, "--weights", weights, "--data", data, "--pool", "avg",
                  "--precision", "fp32", "--out", output_path)
        return self.array(output_path), output_path.with_suffix(".csv").read_text()

    def call(self, *arguments):
        outcome = subprocess.run([self.path, *map(str, arguments)], capture_output=True, text=True)
        if outcome.returncode != 0:
            lines = outcome.stderr.strip().splitlines() or ["no message"]
            errors = [line for line in lines if line.startswith("Error")]
            raise Failure(f"exit code {outcome.returncode}: {(errors or lines[-1:])[0]}")

    @staticmethod
    def array(path):
        if not path.exists():
            raise Failure(f"no {path.name} was written")
        return np.load(path, allow_pickle=False)


class Keras:
    """The reference itself, built anew from the same file."""

    def run(self, case, size, weights, source, tensor, scratch):
        return networks.outputs_at(self.model(case, size, weights), [tensor], source)[tensor]

    def model(self, case, size, weights):
        return case.model(size, weights)


class PerturbedKeras(Keras):
    """The reference with its first kernel larger by 3e-4: little more than the tolerance, less than any slip of an
    importer."""

    def model(self, case, size, weights):
        model = case.model(size, weights)
        first = next(layer for layer in model.layers if layer.weights)
        kernel, *others = first.get_weights()
        first.set_weights([kernel * np.float32(1.0003), *others])
        return model
