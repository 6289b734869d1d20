"""ONNX Runtime: forward passes of one network."""

import numpy as np
import onnxruntime

import timing


def session(path, threads):
    """All optimisations; all threads within one operator, one operator at a time."""
    settings = onnxruntime.SessionOptions()
    settings.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    settings.intra_op_num_threads = threads
    settings.inter_op_num_threads = 1
    settings.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    return onnxruntime.InferenceSession(path, settings, providers=["CPUExecutionProvider"])


def main():
    options = timing.options(__doc__)
    runtime = session(options.file, options.threads)
    size = timing.SIZES[options.network]
    images = np.random.default_rng(1).standard_normal((options.batch, 3, size, size), dtype=np.float32)
    timing.report(lambda: runtime.run(None, {"images": images}), options)


if __name__ == "__main__":
    main()
