"""A long manifest over few pictures: FOLDER/manifest.jsonl with --rows lines over the PNGs of a `studio dataset synth` folder.

Every line has a prompt and a seed of its own, so that all of them count; prompts come from a few hundred.
"""

import argparse
import json
import pathlib

METHODS = ("none", "lora", "stan")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    args = parser.parse_args()
    with open(args.folder / "metadata.jsonl", encoding="utf-8") as lines:
        pictures = [json.loads(line) for line in lines]
    with open(args.folder / "manifest.jsonl", "w", encoding="utf-8") as out:
        for i in range(args.rows):
            picture = pictures[i // len(METHODS) % len(pictures)]
            line = {
                "file": picture["file_name"],
                "method": METHODS[i % len(METHODS)],
                "style": picture["style"],
                "prompt": picture["text"],
                "seed": i // len(METHODS),
            }
            out.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
