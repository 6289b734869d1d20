"""How many pictures the duplicate search finds again, and how many it pairs wrongly.

    python duplicates.py FOLDER…     what DuplicateSearch's two numbers do on real photographs
    python duplicates.py --fixture   writes Tests/GraftImagesTests/Fixtures/duplicates.json

For each folder it prints the pairs of different files within the distance (look at them), and for a sample of the
photographs, how many are found after they were saved in another way.
"""

import io
import json
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance

SIDE, DISTANCE, CORRELATION = 32, 10, 0.96
COSINES = np.array([[np.cos(np.pi * (2 * x + 1) * u / (2 * SIDE)) for x in range(SIDE)] for u in range(8)])


def bits(thumbnail):
    """The signs of the 64 lowest frequencies against the median of all but the first."""
    frequencies = np.round((COSINES @ thumbnail @ COSINES.T).ravel() / 16)
    return frequencies > np.sort(frequencies[1:])[31]


def thumbnail(image):
    return np.asarray(image.convert("L").resize((SIDE, SIDE), Image.BOX), dtype=np.float64)


def saved(image, quality):
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return Image.open(file).convert("RGB")


def cropped(image, share):
    (width, height) = image.size
    return image.crop(tuple(int(v) for v in (width * share, height * share, width * (1 - share), height * (1 - share))))


CHANGES = {
    "JPEG quality 30": lambda i: saved(i, 30),
    "JPEG quality 10": lambda i: saved(i, 10),
    "half the size": lambda i: saved(i.resize((max(i.width // 2, 1), max(i.height // 2, 1))), 75),
    "squashed to 224": lambda i: i.resize((224, 224)),
    "30 % brighter": lambda i: ImageEnhance.Brightness(i).enhance(1.3),
    "30 % less contrast": lambda i: ImageEnhance.Contrast(i).enhance(0.7),
    "1 % cut off": lambda i: cropped(i, 0.01),
    "2 % cut off": lambda i: cropped(i, 0.02),
    "5 % cut off": lambda i: cropped(i, 0.05),
}


def report(folder):
    files, pictures = [], []
    for file in sorted(Path(folder).rglob("*")):
        try:
            pictures.append(thumbnail(Image.open(file).convert("RGB")))
            files.append(file)
        except Exception:
            continue
    hashes = np.array([bits(picture) for picture in pictures]).astype(int)
    distances = hashes @ (1 - hashes).T + (1 - hashes) @ hashes.T
    flat = np.array([picture.ravel() for picture in pictures])
    correlations = np.corrcoef(flat)
    (first, second) = np.triu_indices(len(files), 1)
    near = distances[first, second] <= DISTANCE
    same = near & (correlations[first, second] >= CORRELATION)
    print(f"{folder}: {len(files)} pictures, {near.sum()} pairs by the hash alone, {same.sum()} by likeness too")
    for one, other in zip(first[same], second[same]):
        print(f"  {files[one]} {files[other]}")
    sample = files[:: max(len(files) // 200, 1)]
    for name, change in CHANGES.items():
        found = 0
        for file in sample:
            image = Image.open(file).convert("RGB")
            (one, other) = (thumbnail(image), thumbnail(change(image)))
            near = (bits(one) != bits(other)).sum() <= DISTANCE
            found += near and np.corrcoef(one.ravel(), other.ravel())[0, 1] >= CORRELATION
        print(f"  {name}: {found / len(sample):.3f} of {len(sample)} found again")


def fixture():
    random = np.random.default_rng(6)
    cases = []
    for _ in range(6):
        (u, v) = np.meshgrid(np.arange(SIDE), np.arange(SIDE))
        waves = [random.uniform(-1, 1) * np.cos(random.uniform(0, 0.6) * u + random.uniform(0, 0.6) * v) for _ in range(5)]
        picture = np.clip(np.round(128 + 60 * sum(waves) + random.normal(0, 5, (SIDE, SIDE))), 0, 255)
        hash = sum(1 << index for index, bit in enumerate(bits(picture)) if bit)
        cases.append({"thumbnail": picture.astype(int).ravel().tolist(), "hash": f"{hash:016x}"})
    correlations = np.corrcoef(np.array([case["thumbnail"] for case in cases]))[0].tolist()
    target = Path(__file__).parents[2] / "Tests/GraftImagesTests/Fixtures/duplicates.json"
    target.write_text(json.dumps({"cases": cases, "correlations": correlations}, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    if sys.argv[1:] == ["--fixture"]:
        fixture()
    else:
        for folder in sys.argv[1:]:
            report(folder)
