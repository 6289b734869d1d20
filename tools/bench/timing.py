"""How every peer is timed: the median of some steps after some that do not count, and one line of JSON at the end."""

import argparse
import json
import statistics
import time

SIZES = {"resnet50": 224, "vgg16": 224, "inceptionv3": 299, "xception": 299}
SCOPES = ("forward", "all", "last", "head")
CLASSES = 10
LEARNING_RATE, MOMENTUM = 0.001, 0.9


def options(description):
    """The options of the programs that time steps."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--network", choices=SIZES, required=True)
    parser.add_argument("--scope", choices=SCOPES, required=True)
    parser.add_argument("--precision", choices=("fp32", "bf16"), default="fp32")
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--compiled", action="store_true", help="PyTorch: through torch.compile")
    parser.add_argument("--file", help="ONNX Runtime: the network")
    return parser.parse_args()


def report(step, options, **others):
    """Times `step`, which returns when a batch's numbers are there, and prints what the tables are made of."""
    for _ in range(1 if options.steps < 3 else 2):
        step()
    seconds = []
    for _ in range(options.steps):
        start = time.perf_counter()
        step()
        seconds.append(time.perf_counter() - start)
    print(json.dumps({"images_per_second": options.batch / statistics.median(seconds), **others}))
