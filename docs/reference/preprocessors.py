"""Control pictures as OpenCV and Pillow make them.

    python docs/reference/preprocessors.py datasets/base/src/test/resources/dev/stanstudio/base/image/preprocessors

Needs numpy, Pillow and opencv-python-headless (made with 5.0.0.93).
"""

import pathlib
import sys

import cv2
import numpy
from PIL import Image, ImageFilter

CANNY = [(100, 200), (20, 60), (60.5, 20.9), (0, 0), (300, 700)]
BLUR = [0.3, 1, 2.5, 8, 40]


def picture():
    """Smooth shades, sharp shapes in single channels, and noise."""
    y, x = numpy.mgrid[0:46, 0:61].astype(float)
    chance = numpy.random.default_rng(8)
    waves = numpy.stack([numpy.sin(x / 7 + y / 11), numpy.cos(y / 5 - x / 9), numpy.sin(x * y / 150)], -1) * 60 + 120
    waves[(x - 40) ** 2 + (y - 15) ** 2 < 90, 0] += 70
    waves[8:30, 6:22, 1] -= 90
    waves[abs(x - y) < 1.5] = (250, 20, 90)
    waves += chance.normal(0, 6, waves.shape) * (y > 30)[..., None]
    return waves.clip(0, 255).astype(numpy.uint8)


def run(folder):
    folder.mkdir(parents=True, exist_ok=True)
    pixels = picture()
    image = Image.fromarray(pixels)
    image.save(folder / "picture.png")
    for low, high in CANNY:
        edges = cv2.Canny(pixels, low, high)
        Image.fromarray(edges).save(folder / f"canny,{low},{high}.png")
    grey = image.convert("L")
    Image.fromarray(cv2.Canny(numpy.array(grey), 50, 120)).save(folder / "grey-canny,50,120.png")
    for radius in BLUR:
        image.filter(ImageFilter.GaussianBlur(radius)).save(folder / f"blur,{radius}.png")


if __name__ == "__main__":
    run(pathlib.Path(sys.argv[1]))
