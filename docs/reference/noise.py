"""Draws of PyTorch's CPU generator."""

import torch
from safetensors.torch import save_file

SEEDS = [0, 23, 2**32 + 5, 2**63 - 1]
# Fewer than 16 numbers, and a last block cut short, are drawn another way.
SHAPES = [(1, 16, 6, 4), (15,), (16,), (3, 11)]
TYPES = {"fp32": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}
SEQUENCE = [(2, 16, 3, 2), (5,), (40,), (1, 16, 4, 4)]


def write(root):
    drawn = {}
    for seed in SEEDS:
        for shape in SHAPES:
            for name, dtype in TYPES.items():
                generator = torch.Generator().manual_seed(seed)
                key = f"seed{seed}.{'x'.join(map(str, shape))}.{name}"
                drawn[key] = torch.randn(shape, generator=generator, dtype=dtype)
    generator = torch.Generator().manual_seed(31)
    for index, shape in enumerate(SEQUENCE):
        drawn[f"sequence31.{index}"] = torch.randn(shape, generator=generator)
    save_file(drawn, root / "noise.safetensors")
