"""Makes JPEG or WebP files of about the size of WikiArt's for timing `studio dataset import`: FOLDER/style N/old mill M.jpg.

Soft shapes under noise, 1500 x 1100 pixels, the same for the same seed and version of Pillow.
"""

import argparse
import pathlib

import numpy as np
from PIL import Image


def picture(rng):
    shapes = Image.fromarray(rng.integers(0, 256, (22, 30, 3), dtype=np.uint8)).resize((1500, 1100), Image.BICUBIC)
    noisy = np.asarray(shapes) + rng.normal(0, 12, (1100, 1500, 3))
    return Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--styles", type=int, default=8)
    parser.add_argument("--per-style", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--format", choices=["jpg", "webp"], default="jpg")
    args = parser.parse_args()
    rng = np.random.default_rng(args.seed)
    for style in range(args.styles):
        folder = args.folder / f"style {style}"
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(args.per_style):
            picture(rng).save(folder / f"old mill {number}.{args.format}", quality=85)


if __name__ == "__main__":
    main()
