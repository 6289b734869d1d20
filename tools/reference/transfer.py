"""Heads on real pretrained networks: what `graft finetune` reaches, beside scikit-learn on the same pooled features.

    .venv-reference/bin/python tools/reference/transfer.py [--write] [--shared FOLDER] [--graft PROGRAM]

Also counts how many of a hundred ImageNet pictures whole classifiers name right, beside tf_keras and ONNX Runtime.
The photographs of sets without a division are divided by a seeded shuffle, a fifth for validation.
"""

import argparse
import csv
import json
import random
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegressionCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import conformance_table

ROOT = Path(__file__).resolve().parents[2]
NETWORKS = [
    ("Inception-v3 to mixed8 (.h5)", "inception_v3_imagenet_to_mixed8.h5", "tf"),
    ("ResNet-18 to layer3 (.onnx)", "resnet18_imagenet_to_layer3.onnx", "torch"),
    ("SqueezeNet 1.1, fp16 (.onnx)", "squeezenet_imagenet_fp16.onnx", "caffe"),
    ("MobileNet 0.25 (.h5)", "mobilenet_v1_0.25_224_imagenet.h5", "tf"),
]
SETS = ["hymenoptera", "dog-cat", "sign-language-digits"]
# One recipe for all: a linear head, trained until it stands still.
RECIPE = ["--optimizer", "adam", "--lr", "0.03", "--epochs", "300", "--seed", "1", "--precision", "fp32"]


def divided(data, scratch):
    """A folder with train/ and val/ of links to the photographs."""
    target = scratch / data.name
    if (data / "train").is_dir():
        return data
    for folder in sorted(path for path in data.iterdir() if path.is_dir()):
        files = sorted(folder.iterdir())
        random.Random(folder.name).shuffle(files)
        held = len(files) // 5
        for part, members in (("val", files[:held]), ("train", files[held:])):
            place = target / part / folder.name
            place.mkdir(parents=True)
            for file in members:
                (place / file.name).symlink_to(file)
    return target


def features(graft, network, data, scratch):
    """Pooled features and class names of the photographs below a folder."""
    table = scratch / "features.npy"
    subprocess.run([graft, "features", *network, "--data", str(data), "--pool", "avg", "--precision", "fp32",
                    "--out", str(table)],
                   check=True, capture_output=True)
    with open(table.with_suffix(".csv"), newline="") as file:
        rows = list(csv.DictReader(file))
    return np.load(table), [Path(row["path"]).parent.name for row in rows]


def by_regression(graft, network, data, scratch):
    x, y = features(graft, network, data / "train", scratch)
    xv, yv = features(graft, network, data / "val", scratch)
    model = make_pipeline(StandardScaler(), LogisticRegressionCV(Cs=8, cv=5, max_iter=2000))
    return model.fit(x, y).score(xv, yv)


def by_graft(graft, network, data, scratch):
    run = scratch / "run"
    subprocess.run(["rm", "-rf", str(run)], check=True)
    done = subprocess.run([graft, "finetune", *network, "--data", str(data), *RECIPE, "--out", str(run), "--json"],
                          check=True, capture_output=True, text=True)
    return json.loads(done.stdout)["best_val_accuracy"]


def pictures(folder):
    """A hundred ImageNet pictures as evaluation sees them, 0…255 [N, 224, 224, 3], and the index of the class of each."""
    import torchvision_networks  # noqa: F401  timm imports torchvision
    import timm
    from conformance_features import evaluation_view

    # ImageNet's classes are counted in the order of their WordNet numbers.
    synsets = (Path(timm.__file__).parent / "data" / "_info" / "imagenet_synsets.txt").read_text().split()
    files = sorted(folder.glob("*.JPEG"))
    return np.stack([evaluation_view(file) for file in files]).astype(np.float32), np.array(
        [synsets.index(file.name.split("_")[0]) for file in files])


def named_right(graft, network, images, classes, scratch):
    np.save(scratch / "x.npy", images)
    subprocess.run([graft, "run", *network, "--input", str(scratch / "x.npy"), "--output", str(scratch / "y.npy")],
                   check=True, capture_output=True)
    scores = np.load(scratch / "y.npy").reshape(len(images), -1)
    return int((scores.argmax(1) == classes).sum())


def imagenet(options, scratch):
    """How many pictures whole classifiers name right: Graft, and the framework that the file is of."""
    import quiet_tensorflow  # noqa: F401
    import onnxruntime
    import tf_keras

    images, classes = pictures(options.shared / "data" / "imagenet-100")
    weights = options.shared / "weights"
    mobilenet, squeezenet = weights / NETWORKS[3][1], weights / NETWORKS[2][1]
    lines = ["| classifier | of 100 pictures right: Graft | the peer |", "|---|---|---|"]
    scaled = images / 127.5 - 1
    peer = tf_keras.models.load_model(mobilenet, compile=False).predict(scaled, verbose=0)
    own = named_right(options.graft, ["--backbone", str(mobilenet)], scaled, classes, scratch)
    lines.append(f"| MobileNet 0.25 (.h5) | {own} | {int((peer.argmax(1) == classes).sum())} (tf_keras) |")
    centred = (images[..., ::-1] - np.array([103.939, 116.779, 123.68], np.float32)).transpose(0, 3, 1, 2).copy()
    session = onnxruntime.InferenceSession(str(squeezenet), providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    peer = np.concatenate([
        session.run(None, {name: image[None].astype(np.float16)})[0].reshape(1, -1) for image in centred])
    own = named_right(options.graft, ["--backbone", str(squeezenet)], centred, classes, scratch)
    lines.append(f"| SqueezeNet 1.1, fp16 (.onnx) | {own} | {int((peer.argmax(1) == classes).sum())} (ONNX Runtime) |")
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--graft", default=str(ROOT / ".build" / "release" / "graft"))
    parser.add_argument("--write", action="store_true", help="put the table into docs/CONFORMANCE.md")
    parser.add_argument("--sets", default=",".join(SETS), metavar="LIST", help="which sets of photographs")
    options = parser.parse_args()
    lines = ["| network | photographs | graft finetune | scikit-learn | difference |", "|---|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        for name in filter(None, options.sets.split(",")):
            data = divided(options.shared / "data" / name, scratch)
            for title, file, preprocessing in NETWORKS:
                network = ["--backbone", str(options.shared / "weights" / file), "--preprocessing", preprocessing]
                peer = by_regression(options.graft, network, data, scratch)
                own = by_graft(options.graft, network, data, scratch)
                lines.append(f"| {title} | {name} | {own:.3f} | {peer:.3f} | {own - peer:+.3f} |")
                print(lines[-1], flush=True)
        named = imagenet(options, scratch)
        print("\n".join(named))
    if options.write:
        conformance_table.write("\n".join(lines + ["", *named]) + "\n", ROOT / "docs" / "CONFORMANCE.md", section="transfer")


if __name__ == "__main__":
    main()
