"""Pooled SqueezeNet features of photographs: Keras's against Graft's, and how well a linear classifier does on them.

Decoders and resizers differ in the last bits, so the comparison is reported and not judged.
"""

import csv
import io
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import networks
import networks_files
from conformance_engines import Failure

WEIGHTS = "squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5"
SIZE = 224
# ImageNet's mean, in the order blue, green, red.
MEAN = np.array([103.939, 116.779, 123.68], np.float32)


def compare(graft, weights_folder, data, scratch):
    weights = weights_folder / WEIGHTS
    keras = {split: keras_features(weights, data / split) for split in ("train", "val")}
    print_accuracies("Keras's features", keras)
    if graft is None:
        return
    found, expected = {}, {}
    for split, rows in keras.items():
        try:
            own = graft_features(graft, weights, data / split, scratch)
        except Failure as failure:
            raise SystemExit(f"conformance: graft features on {split}/: {failure}")
        for one, other, lacking in ((rows, own, "Graft"), (own, rows, "Keras")):
            for path in sorted(one.keys() - other.keys()):
                print(f"{split}/{path}: no features from {lacking}; left out of what follows")
        shared = sorted(rows.keys() & own.keys())
        found[split] = {path: own[path] for path in shared}
        expected[split] = {path: rows[path] for path in shared}
        print_agreement(split, found[split], expected[split])
    print_accuracies("Keras's features of the shared photographs", expected)
    print_accuracies("Graft's features", found)


def keras_features(weights, folder):
    """{path below `folder`, CLASS/FILE: 512 numbers} of the images that Pillow can read; names the others."""
    model = networks.squeezenet(SIZE)
    networks_files.load_by_name(model, weights)
    paths, images = [], []
    for path in sorted(path for path in folder.glob("*/*") if path.is_file()):
        try:
            images.append(preprocessed(evaluation_view(path)))
            paths.append(path.relative_to(folder).as_posix())
        except OSError as error:
            print(f"skipped {path.relative_to(folder.parent)}: {error}")
    maps = networks.outputs_at(model, ["output"], np.stack(images), batch=16)["output"]
    return dict(zip(paths, maps.mean(axis=(1, 2))))


def evaluation_view(path):
    """Upright RGB, the shorter side 256 (antialiased bilinear), the centre 224 × 224; rounding as torchvision's."""
    with Image.open(path) as file:
        image = ImageOps.exif_transpose(file).convert("RGB")
    shorter = SIZE * 256 // 224
    scale = shorter / min(image.size)
    width, height = (shorter if side == min(image.size) else int(side * scale) for side in image.size)
    image = image.resize((width, height), Image.Resampling.BILINEAR)
    left, top = round((width - SIZE) / 2), round((height - SIZE) / 2)
    return np.asarray(image.crop((left, top, left + SIZE, top + SIZE)))


def preprocessed(pixels):
    """Caffe's way: BGR minus the mean, not scaled."""
    return pixels[:, :, ::-1].astype(np.float32) - MEAN


def graft_features(graft, weights, folder, scratch):
    """{CLASS/FILE: 512 numbers}. Paths are those cells of the table that end in the names of existing files."""
    features, table = graft.features("squeezenet", weights, folder, scratch)
    rows = list(csv.reader(io.StringIO(table)))[1:]
    if len(rows) != len(features):
        raise Failure(f"its table has {len(rows)} rows and its array {len(features)}")
    named = ["/".join(Path(cell).parts[-2:]) for cells in rows for cell in cells]
    paths = [name for name in named if (folder / name).is_file()]
    if len(paths) != len(rows):
        raise Failure(f"its table names {len(paths)} files of {folder.name}/ in {len(rows)} rows")
    return dict(zip(paths, features))


def print_agreement(split, found, expected):
    paths = list(expected)
    found, expected = np.stack(list(found.values())), np.stack(list(expected.values()))
    cosines = (found * expected).sum(axis=1) / (np.linalg.norm(found, axis=1) * np.linalg.norm(expected, axis=1))
    difference = np.abs(found - expected).max() / np.abs(expected).max()
    print(f"{split}: {len(paths)} photographs; cosine mean {cosines.mean():.6f}, least {cosines.min():.6f} "
          f"({paths[int(cosines.argmin())]}); largest difference {difference:.1e} of the largest magnitude")


def print_accuracies(title, splits):
    """The figures that Graft's own head must match: logistic regression on train, accuracy on val."""
    (train, train_classes), (val, val_classes) = (
        (np.stack(list(rows.values())), [path.split("/")[0] for path in rows])
        for rows in (splits["train"], splits["val"]))
    print(f"{title}: {len(train)} to train, {len(val)} to validate, {train.shape[1]} numbers each, "
          f"mean {train.mean():.4f}, largest {train.max():.2f}")
    for strength in (0.001, 0.01, 0.1, 1.0, 10.0):
        raw = LogisticRegression(C=strength, max_iter=10_000)
        standardized = make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=10_000))
        scores = [model.fit(train, train_classes).score(val, val_classes) for model in (raw, standardized)]
        print(f"  logistic regression, C = {strength}: val accuracy {scores[0]:.4f} raw, {scores[1]:.4f} standardized")
