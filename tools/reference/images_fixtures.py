"""Writes Tests/GraftImagesTests/Fixtures: tiny images of every kind Graft reads, and the pixels that Pillow and
TensorFlow see in them. Run from the repository root:

    .venv-reference/bin/python tools/reference/images_fixtures.py
"""

import os
import struct
import zlib
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf
from PIL import Image, ImageOps

FIXTURES = Path("Tests/GraftImagesTests/Fixtures")
IMAGES = FIXTURES / "images"
EXPECTED = FIXTURES / "expected"
VIEWS = FIXTURES / "views"


def picture(width, height, seed=0):
    """Smooth colours, a hard edge and a little noise: something to see for chroma, antialiasing and orientation."""
    generator = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    red = 255 * x / (width - 1)
    green = 255 * y / (height - 1)
    blue = 127 + 120 * np.sin(x / 3 + y / 5)
    pixels = np.stack([red, green, blue], axis=-1)
    pixels[height // 4 : height // 2, width // 3 : width // 2] = [250, 240, 20]
    pixels += generator.normal(0, 6, pixels.shape)
    return np.clip(pixels, 0, 255).astype(np.uint8)


def write_ppm(path, pixels):
    height, width, _ = pixels.shape
    path.write_bytes(b"P6\n%d %d\n255\n" % (width, height) + pixels.tobytes())


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def scanlines(samples, bits):
    """Rows of integers [height, values per row] as PNG packs them, each with filter 0."""
    rows = []
    for row in samples:
        if bits == 16:
            packed = row.astype(">u2").tobytes()
        elif bits == 8:
            packed = row.astype(np.uint8).tobytes()
        else:
            digits = "".join(format(int(value), f"0{bits}b") for value in row)
            digits += "0" * (-len(digits) % 8)
            packed = int(digits, 2).to_bytes(len(digits) // 8, "big")
        rows.append(b"\0" + packed)
    return b"".join(rows)


ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def write_png(path, samples, bits, color_type, interlaced=False, extra=()):
    """`samples`: [height, width, channels] of integers below 2**bits. For the kinds that Pillow cannot write."""
    height, width, _ = samples.shape
    header = struct.pack(">IIBBBBB", width, height, bits, color_type, 0, 0, int(interlaced))
    if interlaced:
        passes = [samples[y::dy, x::dx] for x, y, dx, dy in ADAM7]
        data = b"".join(scanlines(p.reshape(p.shape[0], -1), bits) for p in passes if p.size)
    else:
        data = scanlines(samples.reshape(height, -1), bits)
    chunks = [chunk(b"IHDR", header), *(chunk(*e) for e in extra), chunk(b"IDAT", zlib.compress(data)), chunk(b"IEND", b"")]
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))


def orientation_block(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def write_images():
    color = picture(24, 16)
    image = Image.fromarray(color)
    grey = image.convert("L")
    alpha = Image.fromarray(np.tile(np.linspace(0, 255, 24).astype(np.uint8), (16, 1)))
    transparent = image.copy()
    transparent.putalpha(alpha)
    palette = image.quantize(32, dither=Image.Dither.NONE)

    image.save(IMAGES / "rgb.jpg", quality=90)
    image.save(IMAGES / "rgb-444.jpg", quality=95, subsampling=0)
    image.save(IMAGES / "progressive.jpg", quality=85, progressive=True)
    grey.save(IMAGES / "grey.jpg", quality=90)
    image.convert("CMYK").save(IMAGES / "cmyk.jpg", quality=95)
    for orientation in range(1, 9):
        image.save(IMAGES / f"orientation-{orientation}.jpg", quality=90, exif=orientation_block(orientation))

    image.convert("1").save(IMAGES / "grey-1.png")
    grey.save(IMAGES / "grey-8.png")
    grey.convert("LA").save(IMAGES / "grey-alpha.png")
    palette.save(IMAGES / "palette.png")
    palette.save(IMAGES / "palette-transparent.png", transparency=3)
    image.save(IMAGES / "rgb.png")
    image.save(IMAGES / "rgb-transparent.png", transparency=tuple(int(v) for v in color[3, 3]))
    transparent.save(IMAGES / "rgba.png")
    image.save(IMAGES / "orientation-6.png", exif=orientation_block(6))
    generator = np.random.default_rng(1)
    wide = (color.astype(np.int64) << 8) + generator.integers(0, 256, color.shape)
    opacity = generator.integers(0, 65536, (16, 24, 1))
    write_png(IMAGES / "grey-2.png", np.array(grey)[:, :, None].astype(int) >> 6, 2, 0)
    write_png(IMAGES / "grey-4.png", np.array(grey)[:, :, None].astype(int) >> 4, 4, 0)
    write_png(IMAGES / "grey-16.png", wide[:, :, :1], 16, 0)
    write_png(IMAGES / "grey-alpha-16.png", np.concatenate([wide[:, :, :1], opacity], axis=2), 16, 4)
    write_png(IMAGES / "rgb-16.png", wide, 16, 2)
    write_png(IMAGES / "rgba-16.png", np.concatenate([wide, opacity], axis=2), 16, 6)
    write_png(IMAGES / "interlaced.png", color.astype(int), 8, 2, interlaced=True)
    # A gamma of 1.0, which neither Pillow nor TensorFlow applies.
    write_png(IMAGES / "gamma.png", color.astype(int), 8, 2, extra=[(b"gAMA", struct.pack(">I", 100000))])

    image.save(IMAGES / "lossy.webp", quality=80)
    image.save(IMAGES / "lossless.webp", lossless=True)
    transparent.save(IMAGES / "alpha.webp", lossless=True, exact=True)
    transparent.save(IMAGES / "alpha-lossy.webp", quality=90, exact=True)
    second = Image.fromarray(picture(24, 16, seed=2)[:, ::-1])
    image.save(IMAGES / "animated.webp", save_all=True, append_images=[second], lossless=True, duration=100)
    image.save(IMAGES / "orientation-8.webp", lossless=True, exif=orientation_block(8))

    image.save(IMAGES / "rgb.bmp")
    image.convert("1").save(IMAGES / "black-and-white.bmp")
    palette.save(IMAGES / "palette.bmp")
    transparent.save(IMAGES / "rgba.bmp")
    # The same picture with its first row at the top, which a negative height says.
    source = (IMAGES / "rgb.bmp").read_bytes()
    rows = np.frombuffer(source[54:], np.uint8).reshape(16, 72)[::-1]
    (IMAGES / "top-down.bmp").write_bytes(source[:22] + struct.pack("<i", -16) + source[26:54] + rows.tobytes())

    palette.save(IMAGES / "still.gif")
    palette.save(IMAGES / "animated.gif", save_all=True, append_images=[second.quantize(32)], duration=100)
    palette.save(IMAGES / "interlaced.gif", interlace=1)


def expected(path):
    """What Pillow sees; for 16-bit grey, which Pillow clips to 255, what TensorFlow sees."""
    if path.name == "grey-16.png":
        return tf.io.decode_png(path.read_bytes(), channels=3).numpy()
    with Image.open(path) as image:
        pixels = np.array(ImageOps.exif_transpose(image).convert("RGB"))
    if path.suffix == ".png" and not path.name.startswith("orientation"):
        other = tf.io.decode_png(path.read_bytes(), channels=3).numpy()
        if not np.array_equal(pixels, other):
            print(f"{path.name}: Pillow and TensorFlow differ by up to {np.abs(pixels.astype(int) - other).max()}")
    return pixels


def torchvision_view(image, width, height):
    """torchvision's Resize and CenterCrop on a Pillow image, for any size: the shorter side to 256/224 of the view's."""
    wide, high = round(width * 256 / 224), round(height * 256 / 224)
    if wide * image.height >= high * image.width:
        size = (wide, int(wide * image.height / image.width))
    else:
        size = (int(high * image.width / image.height), high)
    resized = image.resize(size, Image.Resampling.BILINEAR)
    left, top = int(round((size[0] - width) / 2)), int(round((size[1] - height) / 2))
    return np.array(resized.crop((left, top, left + width, top + height)))


# Image size, view size: shrunk wide, shrunk tall, an odd difference, a view that is not square, enlarged.
VIEW_CASES = [
    ((96, 64), (28, 28)),
    ((64, 97), (28, 28)),
    ((75, 61), (33, 33)),
    ((90, 60), (40, 21)),
    ((24, 16), (28, 28)),
]


def write_views():
    for (width, height), (view_width, view_height) in VIEW_CASES:
        image = Image.fromarray(picture(width, height, seed=width))
        name = f"{width}x{height}"
        image.save(VIEWS / f"{name}.png")
        write_ppm(VIEWS / f"{name}-crop-{view_width}x{view_height}.ppm", torchvision_view(image, view_width, view_height))
        squashed = tf.image.resize(np.array(image), (view_height, view_width), method="bilinear", antialias=False).numpy()
        (VIEWS / f"{name}-squash-{view_width}x{view_height}.f32").write_bytes(squashed.astype("<f4").tobytes())


def main():
    for folder in [IMAGES, EXPECTED, VIEWS]:
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
    write_images()
    for path in sorted(IMAGES.iterdir()):
        write_ppm(EXPECTED / f"{path.name}.ppm", expected(path))
    write_views()
    total = sum(path.stat().st_size for path in FIXTURES.rglob("*") if path.is_file())
    print(f"{len(list(IMAGES.iterdir()))} images, {total} bytes in all")


if __name__ == "__main__":
    main()
