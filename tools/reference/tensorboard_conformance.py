"""Reads Graft's event files with TensorBoard's own reader, and writes the one that a test compares with byte for byte.

    .venv-reference/bin/python tools/reference/tensorboard_conformance.py GRAFT     # the binary; ends with 1 on a difference
    .venv-reference/bin/python tools/reference/tensorboard_conformance.py --fixture # Tests/GraftFormatsTests/Fixtures/tensorboard
"""

import csv
import json
import math
import pathlib
import random
import subprocess
import sys
import tempfile

import numpy as np
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto import event_pb2, summary_pb2, types_pb2
from tensorboard.plugins.scalar import metadata as scalars
from tensorboard.summary.writer.record_writer import RecordWriter
from tensorboard.util import tensor_util

FIXTURE = pathlib.Path(__file__).parents[2] / "Tests/GraftFormatsTests/Fixtures/tensorboard"
STARTED = 1_700_000_000
# (seconds since the start, step, {tag: value}): what the test writes too.
EVENTS = [
    (0.0, 0, {"loss": 1.5}),
    (12.25, 1, {"loss": 0.75, "rates/learning_rate": 1e-3}),
    (24.5, 300, {"größe <&>": float("inf"), "loss": float("nan")}),
]


def write_fixture():
    FIXTURE.mkdir(parents=True, exist_ok=True)
    with open(FIXTURE / "scalars.tfevents", "wb") as file:
        writer = RecordWriter(file)
        writer.write(event_pb2.Event(wall_time=STARTED, file_version="brain.Event:2").SerializeToString(deterministic=True))
        for seconds, step, values in EVENTS:
            event = event_pb2.Event(wall_time=STARTED + seconds, step=step)
            for tag, value in values.items():
                entry = event.summary.value.add(tag=tag)
                entry.tensor.dtype = types_pb2.DT_FLOAT
                entry.tensor.tensor_shape.SetInParent()
                entry.tensor.float_val.append(value)
                entry.metadata.plugin_data.plugin_name = scalars.PLUGIN_NAME
                entry.metadata.data_class = summary_pb2.DATA_CLASS_SCALAR
            writer.write(event.SerializeToString(deterministic=True))


def made_up_run(folder):
    """A run directory with every kind of number; returns its history by column."""
    numbers = random.Random(6)
    history = {"epoch": list(range(1, 41))}
    for column in ("loss", "accuracy", "val_loss", "val_f1:<b>&\"", "learning_rate", "seconds"):
        history[column] = [numbers.random() * 10 ** numbers.randint(-6, 2) for _ in history["epoch"]]
    history["val_loss"][3] = None
    history["loss"][39] = math.inf
    with open(folder / "history.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(history)
        writer.writerows(["" if cell is None else cell for cell in row] for row in zip(*history.values()))
    (folder / "run.json").write_text(json.dumps({"started": "2023-11-14T22:13:20Z"}))
    return history


def check(graft):
    with tempfile.TemporaryDirectory() as scratch:
        run, logs = pathlib.Path(scratch, "run"), pathlib.Path(scratch, "logs")
        run.mkdir()
        history = made_up_run(run)
        subprocess.run([graft, "report", run, "--tensorboard", logs], check=True, stderr=subprocess.DEVNULL)
        compared = 0
        for part, prefix in (("train", ""), ("validation", "val_")):
            reader = EventAccumulator(str(logs / part), size_guidance={"tensors": 0})
            reader.Reload()
            mine = {name for name in history if name != "epoch" and name.startswith("val_") == bool(prefix)}
            assert set(reader.Tags()["tensors"]) == {name.removeprefix(prefix) for name in mine}, reader.Tags()
            for name in mine:
                tag = name.removeprefix(prefix)
                metadata = reader.SummaryMetadata(tag)
                assert metadata.plugin_data.plugin_name == scalars.PLUGIN_NAME, tag
                assert metadata.data_class == summary_pb2.DATA_CLASS_SCALAR, tag
                expected = [(epoch, np.float32(value)) for epoch, value in zip(history["epoch"], history[name]) if value is not None]
                found = [(event.step, tensor_util.make_ndarray(event.tensor_proto)[()]) for event in reader.Tensors(tag)]
                assert found == expected, (tag, found, expected)
                now, times = STARTED, []
                for seconds, value in zip(history["seconds"], history[name]):
                    now += seconds
                    times += [now] if value is not None else []
                assert np.allclose([event.wall_time for event in reader.Tensors(tag)], times, rtol=0, atol=1e-5), tag
                compared += len(found)
    print(f"TensorBoard reads {compared} numbers as they were written")


def main(arguments):
    if arguments == ["--fixture"]:
        write_fixture()
    elif len(arguments) == 1 and not arguments[0].startswith("-"):
        check(arguments[0])
    else:
        sys.exit(__doc__)


main(sys.argv[1:])
