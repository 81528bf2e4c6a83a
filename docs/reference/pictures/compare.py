"""Compares what the program read with what Pillow read: one line per file that differs.

    java -cp web/target/web.jar docs/reference/pictures/ReadPictures.java DIR
    python docs/reference/pictures/compare.py DIR
"""
import pathlib
import sys

import numpy as np
from PIL import Image


def table(path):
    rows = (line.split("\t", 1) for line in path.read_text().splitlines() if "\t" in line)
    return {name: why for name, why in rows}


def difference(a, b):
    x, y = (np.asarray(Image.open(f).convert("RGB"), dtype=int) for f in (a, b))
    if x.shape != y.shape:
        return f"size {x.shape[1]}x{x.shape[0]} for {y.shape[1]}x{y.shape[0]}", None
    d = np.abs(x - y)
    return (f"worst {d.max()}, mean {d.mean():.3f}", d.max()) if d.max() else (None, 0)


def main():
    root = pathlib.Path(sys.argv[1])
    theirs, ours = table(root / "refused.tsv"), table(root / "own.tsv")
    equal = near = differ = both = only_we = only_they = 0
    for path in sorted((root / "files").iterdir()):
        name = path.name
        if name in theirs and name in ours:
            both += 1
            continue
        if name in ours:
            only_we += 1
            print(f"REFUSED {name}: {ours[name].replace(str(path), 'FILE')}")
            continue
        if name in theirs:
            only_they += 1
            print(f"READ    {name}: Pillow says {theirs[name]}")
            continue
        lines = []
        worst = 0
        for kind in ("stored", "seen"):
            said, size = difference(root / f"own-{kind}" / f"{name}.png", root / kind / f"{name}.png")
            if said:
                lines.append(f"{kind} {said}")
                worst = 999 if size is None else max(worst, size)
        if not lines:
            equal += 1
        elif worst <= 2:
            near += 1
        else:
            differ += 1
        if lines:
            print(f"{'NEAR   ' if worst <= 2 else 'DIFFERS'} {name}: {'; '.join(lines)}")
    print(f"{equal} equal, {near} within 2 levels, {differ} different, {both} refused by both, "
          f"{only_we} refused only here, {only_they} refused only by Pillow")


if __name__ == "__main__":
    main()
