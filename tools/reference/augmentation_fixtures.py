"""Writes Tests/GraftImagesTests/Fixtures/augmentation: what torchvision (on Pillow images) makes of one image by each
operation that Graft has too, and the magnitudes of its policies. Run from the repository root:

    .venv-reference/bin/python tools/reference/augmentation_fixtures.py
"""

import json
from pathlib import Path

import numpy as np
from torch import library as operators

# This torchvision was built for another torch: its own kernels are missing, which no transform of images needs.
operators.register_fake = lambda *_, **__: lambda function: function

from PIL import Image
from torchvision.transforms import autoaugment
from torchvision.transforms import functional as F

from images_fixtures import picture, write_ppm

FIXTURES = Path("Tests/GraftImagesTests/Fixtures/augmentation")
WIDTH, HEIGHT, MARGIN = 61, 43, 90

COLORS = {
    "brightness-0.4": lambda image: F.adjust_brightness(image, 0.4),
    "brightness-1.7": lambda image: F.adjust_brightness(image, 1.7),
    "contrast-0.3": lambda image: F.adjust_contrast(image, 0.3),
    "contrast-1.8": lambda image: F.adjust_contrast(image, 1.8),
    "saturation-0": lambda image: F.adjust_saturation(image, 0),
    "saturation-0.5": lambda image: F.adjust_saturation(image, 0.5),
    "saturation-1.9": lambda image: F.adjust_saturation(image, 1.9),
    "sharpness-0": lambda image: F.adjust_sharpness(image, 0),
    "sharpness-1.9": lambda image: F.adjust_sharpness(image, 1.9),
    "posterize-2": lambda image: F.posterize(image, 2),
    "posterize-8": lambda image: F.posterize(image, 8),
    "solarize-0": lambda image: F.solarize(image, 0),
    "solarize-93.5": lambda image: F.solarize(image, 93.5),
    "autocontrast": F.autocontrast,
    "equalize": F.equalize,
    "invert": F.invert,
}


def narrow():
    """Few values in each channel, one of them the same everywhere: what autocontrast and equalize make exceptions for."""
    generator = np.random.default_rng(4)
    pixels = generator.integers(90, 140, (HEIGHT, WIDTH, 3))
    pixels[..., 1] = 77
    return pixels.astype(np.uint8)


def smooth():
    """Colours that change slowly, for what interpolates: a step would show a 32nd of a pixel."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    waves = [127 + 100 * np.sin(x / 9 + y / 14 + phase) * np.cos(x / 17 - y / 11 + phase) for phase in (0, 1, 2)]
    return np.stack(waves, axis=-1).round().astype(np.uint8)


def warped(image, inverse):
    """Pillow's bilinear transform with an image that is mirrored beyond its edges; `inverse` is 8 numbers as Pillow has them."""
    padded = np.pad(np.array(image), ((MARGIN, MARGIN), (MARGIN, MARGIN), (0, 0)), mode="symmetric")
    matrix = np.array([*inverse, 1.0]).reshape(3, 3)
    moved = np.array([[1, 0, MARGIN], [0, 1, MARGIN], [0, 0, 1]]) @ matrix
    moved = moved / moved[2, 2]
    return np.array(
        Image.fromarray(padded).transform(
            image.size, Image.Transform.PERSPECTIVE, tuple(moved.reshape(9)[:8]), Image.Resampling.BILINEAR))


# Rotation against the clock, zoom, shear x, shear y (degrees), centre, shift: as the arguments of `affine`.
AFFINES = [
    (17.0, 1.0, 0.0, 0.0, True, (0.0, 0.0)),
    (0.0, 1.25, 0.0, 0.0, True, (0.0, 0.0)),
    (0.0, 1.0, 12.0, 0.0, True, (0.0, 0.0)),
    (0.0, 1.0, 0.0, 12.0, True, (0.0, 0.0)),
    (0.0, 1.0, 15.0, 0.0, False, (0.0, 0.0)),
    (-33.0, 0.8, 9.0, -6.0, True, (7.5, -4.25)),
]

# Where the corners of the image come to lie, clockwise from the top left.
PERSPECTIVES = [[(4, 3), (55, 9), (60, 40), (2, 33)], [(0, 0), (40, 12), (58, 43), (9, 30)]]


def write_warps(image):
    cases = []
    for number, (rotation, zoom, shear_x, shear_y, is_centred, shift) in enumerate(AFFINES):
        centre = (WIDTH / 2, HEIGHT / 2) if is_centred else (0.0, 0.0)
        inverse = F._get_inverse_affine_matrix(centre, -rotation, shift, zoom, (shear_x, shear_y))
        write_ppm(FIXTURES / f"affine-{number}.ppm", warped(image, [*inverse, 0.0, 0.0]))
        cases.append({"rotation": rotation, "zoom": zoom, "shear_x": shear_x, "shear_y": shear_y, "centre": centre,
                      "shift": shift, "inverse": inverse})
    corners = [(0, 0), (WIDTH, 0), (WIDTH, HEIGHT), (0, HEIGHT)]
    bent = []
    for number, ends in enumerate(PERSPECTIVES):
        inverse = F._get_perspective_coeffs(corners, ends)
        write_ppm(FIXTURES / f"perspective-{number}.ppm", warped(image, inverse))
        bent.append({"corners": ends, "inverse": inverse})
    return {"affine": cases, "perspective": bent}


def policies():
    """The magnitudes of each operation, as `forward` hands them on; a single 0 where it has none."""
    def listed(space):
        return {name: [float(value) for value in magnitudes.reshape(-1)] for name, (magnitudes, _) in space.items()}

    def signed(space):
        return sorted(name for name, (_, is_signed) in space.items() if is_signed)

    rand = autoaugment.RandAugment()._augmentation_space(31, (200, 300))
    wide = autoaugment.TrivialAugmentWide()._augmentation_space(31)
    return {"randaugment-300x200": listed(rand), "trivial": listed(wide), "signed": signed(rand), "learned": learned()}


def learned():
    """AutoAugment's three policies: of each, sub-policies of two operations with probability and place among ten magnitudes, if any;
    and these magnitudes, for an image of 300 x 200."""
    def words(pair):
        return [" ".join(str(part) for part in operation if part is not None) for operation in pair]

    augment = autoaugment.AutoAugment()
    space = augment._augmentation_space(10, (200, 300))
    return {
        "policies": {policy.value: [words(pair) for pair in augment._get_policies(policy)]
                     for policy in autoaugment.AutoAugmentPolicy},
        "magnitudes": {name: [float(value) for value in magnitudes.reshape(-1)] for name, (magnitudes, _) in space.items()},
        "signed": sorted(name for name, (_, is_signed) in space.items() if is_signed),
    }


def hues():
    """Pillow's own turn of the hue, in HSV, of saturated colours: which way is forward."""
    red = Image.new("RGB", (1, 1), (200, 40, 40))
    return {str(turn): F.adjust_hue(red, turn).getpixel((0, 0)) for turn in (0.1, 1 / 3, -1 / 3)}


def main():
    FIXTURES.mkdir(parents=True, exist_ok=True)
    for old in FIXTURES.iterdir():
        old.unlink()
    images = {"picture": picture(WIDTH, HEIGHT, seed=3), "narrow": narrow()}
    for name, pixels in images.items():
        write_ppm(FIXTURES / f"{name}.ppm", pixels)
        for operation, apply in COLORS.items():
            write_ppm(FIXTURES / f"{name}-{operation}.ppm", np.array(apply(Image.fromarray(pixels))))
    write_ppm(FIXTURES / "smooth.ppm", smooth())
    warps = write_warps(Image.fromarray(smooth()))
    values = {**warps, "policies": policies(), "hues": hues()}
    (FIXTURES / "values.json").write_text(json.dumps(values, indent=1) + "\n")
    print(f"{sum(path.stat().st_size for path in FIXTURES.iterdir())} bytes")


if __name__ == "__main__":
    main()
