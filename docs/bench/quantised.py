#!/usr/bin/env python3
"""How far pictures with quantised weights are from those of full precision.

    python docs/bench/quantised.py --studio ./studio --model sd3-nano --seeds 8 --steps 20

Draws the same pictures with --quantize none, int8 and fp8, and prints for each form the relative error of the final latents
(|a - b| / |b|, mean and largest over pictures), the PSNR of the pictures in dB (mean and smallest), and seconds and peak memory of
the process. Needs numpy, Pillow and safetensors.
"""
import argparse
import os
import shlex
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image
from safetensors.numpy import load_file

PROMPT = "a lighthouse on a cliff by the sea"


def draw(arguments, form, folder):
    command = [*shlex.split(arguments.studio), "generate", "--model", arguments.model, "--dtype", arguments.dtype, "--device", "cpu"]
    command += ["--prompt", PROMPT, "--seed", "0", "--count", str(arguments.seeds), "--steps", str(arguments.steps)]
    command += ["--quantize", form, "--out", str(folder), "--trace", str(folder / "trace.safetensors")]
    folder.mkdir()
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{shlex.join(command)} failed")
    return time.monotonic() - start, used.ru_maxrss / 2**20


def final_latents(folder):
    """Of each picture, the latents of its last step."""
    trace = load_file(folder / "trace.safetensors")
    steps = [int(name.removeprefix("latents.")) for name in trace if name.startswith("latents.")]
    return list(trace[f"latents.{max(steps)}"].astype(np.float64))


def pictures(folder):
    return [np.asarray(Image.open(path), np.float64) for path in sorted(folder.glob("*.png"))]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--studio", default="./studio")
    parser.add_argument("--model", default="sd3-nano")
    parser.add_argument("--dtype", default="fp32")
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--steps", type=int, default=20)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as root:
        full = Path(root, "none")
        seconds, peak = draw(arguments, "none", full)
        print(f"none: {seconds:.1f} s, peak {peak:.2f} GiB")
        for form in ("int8", "fp8"):
            folder = Path(root, form)
            seconds, peak = draw(arguments, form, folder)
            errors = [np.linalg.norm(a - b) / np.linalg.norm(b) for a, b in zip(final_latents(folder), final_latents(full))]
            decibels = [10 * np.log10(255**2 / np.mean((a - b) ** 2)) for a, b in zip(pictures(folder), pictures(full))]
            print(
                f"{form}: latents {np.mean(errors):.4f} (largest {max(errors):.4f}), pictures {np.mean(decibels):.1f} dB"
                f" (smallest {min(decibels):.1f}), {seconds:.1f} s, peak {peak:.2f} GiB"
            )


if __name__ == "__main__":
    main()
