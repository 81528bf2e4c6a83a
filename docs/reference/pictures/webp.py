"""Writes the WebP files that WebpTest reads, each with the pixels that Pillow reads from it.

    python docs/reference/pictures/webp.py DIR
"""
import pathlib
import sys

import numpy as np
from PIL import Image


def coloured(rng, count, side=48):
    """A picture of so many colours and of transparent black."""
    colours = rng.integers(1, 256, (count, 4), dtype=np.uint8)
    y, x = np.mgrid[0:side, 0:side]
    picture = colours[(x // 3 + 5 * (y // 2)) % count]
    picture[10:30, 5:40] = 0
    return picture


def main():
    root = pathlib.Path(sys.argv[1])
    rng = np.random.default_rng(11)
    made = {"palette": (coloured(rng, 60), dict(lossless=True, exact=True)),
            "few-colours": (coloured(rng, 12), dict(lossless=True, exact=True, method=6, quality=100)),
            "all-numbers": (coloured(rng, 255), dict(lossless=True, exact=True, method=0))}
    y, x = np.mgrid[0:40, 0:56]
    noise = rng.normal(0, 9, (40, 56, 4))
    wild = np.clip(np.stack([127 + 90 * np.sin(x / a + y / b) for a, b in ((3, 7), (9, 4), (5, 5), (8, 3))], -1) + noise, 0, 255)
    made["many-colours"] = (wild.astype(np.uint8), dict(lossless=True, exact=True, method=6, quality=100))
    for steps, name in ((17, "alpha-levels"), (1, "alpha-plain")):
        picture = np.full((40, 56, 4), 90, np.uint8)
        picture[..., 3] = wild[..., 3].astype(np.uint8) // steps * steps
        picture[5:20, 5:20, 3] = 0
        made[name] = (picture, dict(quality=80))
    for name, (pixels, options) in made.items():
        file = root / f"{name}.webp"
        Image.fromarray(pixels).save(file, "WEBP", **options)
        Image.open(file).convert("RGBA").save(root / f"{name}.png")


if __name__ == "__main__":
    main()
