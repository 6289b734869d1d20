"""Copies photographs as another camera or light would have shown them, and measures what `graft adapt` makes of that.

    .venv-reference/bin/python tools/reference/shifted_photographs.py write PHOTOGRAPHS haze SHIFTED
    .venv-reference/bin/python tools/reference/shifted_photographs.py measure PHOTOGRAPHS GRAFT BACKBONE [WEIGHTS]

PHOTOGRAPHS has train/ and val/ with a folder for each class. A shift is the same for all photographs but for a tenth, which is drawn
from the seed 0 and the photograph's path. `measure` trains a head for each of three seeds, evaluates it on val/, on each shifted val/,
and there once more after `graft adapt` on the shifted train/, of which it takes no labels.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import zlib

import numpy as np
from PIL import Image

SEEDS = (1, 2, 3)


def lamp(pixels, much):
    """Under a yellow lamp: red and green stronger, blue weaker."""
    return pixels * np.array([1 + 0.3 * much, 1 + 0.05 * much, 1 - 0.55 * much])


def dusk(pixels, much):
    """Two stops and a half less light, with a blue cast."""
    return 255 * (pixels / 255) ** (1 + 0.4 * much) * (1 - 0.75 * much) * np.array([0.85, 0.95, 1.15])


def haze(pixels, much):
    """A third of the contrast, on a bright grey."""
    return pixels * (1 - 0.67 * much) + 190 * 0.67 * much


def grey(pixels, much):
    """No colours, as an infrared or an old camera has it."""
    return pixels * (1 - much) + (pixels @ np.array([0.299, 0.587, 0.114]))[..., None] * much


SHIFTS = {"lamp": lamp, "dusk": dusk, "haze": haze, "grey": grey}


def write(source, shift, target):
    for path in sorted(source.rglob("*")):
        if not path.is_file():
            continue
        name = path.relative_to(source)
        much = np.random.default_rng([0, zlib.crc32(name.as_posix().encode())]).uniform(0.9, 1.0)
        try:
            image = Image.open(path).convert("RGB")
        except OSError:
            continue
        pixels = SHIFTS[shift](np.asarray(image, dtype=np.float64), much)
        file = (target / name).with_suffix(".png")
        file.parent.mkdir(parents=True, exist_ok=True)
        # Photographs are seen at 224 pixels; none needs more than that by much.
        shifted = Image.fromarray(np.clip(pixels + 0.5, 0, 255).astype(np.uint8))
        shifted.thumbnail((640, 640))
        shifted.save(file)


def accuracy(graft, run, photographs):
    words = [graft, "evaluate", run, "--data", photographs / "val", "--json"]
    return json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)["accuracy"]


def measure(photographs, graft, backbone, weights=None):
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        runs = []
        for seed in SEEDS:
            run = scratch / f"run{seed}"
            words = [graft, "finetune", "--backbone", backbone, "--data", photographs, "--seed", str(seed), "--out", run, "--no-report"]
            subprocess.run(words + (["--weights", weights] if weights else []), check=True, capture_output=True)
            runs.append(run)
        own = [accuracy(graft, run, photographs) for run in runs]
        print("| shift | as trained | shifted | shifted, after `adapt` |\n|---|---|---|---|")
        rows = [("none", photographs)]
        for shift in SHIFTS:
            write(photographs, shift, scratch / shift)
            rows.append((shift, scratch / shift))
        for shift, folder in rows:
            adapted = []
            for run in runs:
                out = run.with_name(f"{run.name}-{shift}")
                subprocess.run([graft, "adapt", run, "--data", folder / "train", "--out", out], check=True, capture_output=True)
                adapted.append(accuracy(graft, out, folder))
            shifted = [accuracy(graft, run, folder) for run in runs]
            print("| " + " | ".join([shift, *(f"{np.mean(found):.3f}" for found in (own, shifted, adapted))]) + " |", flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(pathlib.Path(sys.argv[2]), sys.argv[3], pathlib.Path(sys.argv[4]))
    else:
        measure(pathlib.Path(sys.argv[2]), *sys.argv[3:])
