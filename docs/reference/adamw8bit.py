"""Fifty steps of bitsandbytes' AdamW8bit and its numbers of eight bits, for AdamW8Test.

    pip install torch triton bitsandbytes safetensors
    python docs/reference/adamw8bit.py sd3-runtime/src/test/resources/reference/adamw8bit.safetensors

No card is needed: the Triton kernel of bitsandbytes (backends/triton/kernels_optim.py) runs in Triton's interpreter; tensors of less than
4096 numbers are torch.optim.AdamW's, as bitsandbytes leaves them in fp32. The gradient of a parameter in step t is p - target + 0.5 * noise;
start, target and noise are torch's normal numbers of the seeds below, which the test draws again. Their norm is clipped at 1.
"""

import os
import sys

os.environ["TRITON_INTERPRET"] = "1"

import torch  # noqa: E402
from bitsandbytes.backends.triton.kernels_optim import optimizer_update_8bit_blockwise_impl  # noqa: E402
from bitsandbytes.functional import create_dynamic_map  # noqa: E402
from safetensors.torch import save_file  # noqa: E402

STEPS, RATE, DECAY = 50, 1e-3, 0.01
# the first has a last block that is not full, the second whole blocks, the third is kept in fp32, the fourth is a vector
SHAPES = {"a": (67, 77), "b": (64, 72), "c": (32, 48), "d": (4099,)}


def drawn(seed, shape):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


class Small:
    def __init__(self, p):
        self.codes = [torch.zeros(p.shape, dtype=torch.uint8) for _ in range(2)]
        self.scales = [torch.zeros(-(-p.numel() // 256)) for _ in range(2)]
        self.maps = [create_dynamic_map(signed=True), create_dynamic_map(signed=False)]

    def step(self, p, g, t):
        optimizer_update_8bit_blockwise_impl(
            "adam", g, p, *self.codes, 0.9, 0.999, 0.0, 0.0, 1e-8, t, RATE, *self.maps, *self.scales, weight_decay=DECAY
        )


class Wide:
    def __init__(self, p):
        self.p = torch.nn.Parameter(p)
        self.adam = torch.optim.AdamW([self.p], lr=RATE, weight_decay=DECAY)

    def step(self, p, g, t):
        self.p.grad = g
        self.adam.step()


parameters = {name: drawn(i, shape) * 0.1 for i, (name, shape) in enumerate(SHAPES.items())}
targets = {name: drawn(100 + i, shape) for i, (name, shape) in enumerate(SHAPES.items())}
optimizers = {name: (Small if p.numel() >= 4096 else Wide)(p) for name, p in parameters.items()}
made = {"signed": create_dynamic_map(signed=True), "unsigned": create_dynamic_map(signed=False)}
for t in range(STEPS):
    gradients = {
        name: p - targets[name] + 0.5 * drawn(1000 + 10 * t + i, p.shape) for i, (name, p) in enumerate(parameters.items())
    }
    norm = torch.stack([g.norm() for g in gradients.values()]).norm()
    for name, p in parameters.items():
        optimizers[name].step(p, gradients[name] * min(1.0, 1.0 / (norm.item() + 1e-6)), t + 1)
    if t + 1 in (1, STEPS):
        made.update({f"{t + 1}.{name}": p.clone() for name, p in parameters.items()})
for name, optimizer in optimizers.items():
    if isinstance(optimizer, Small):
        made[f"codes.{name}"] = torch.stack([c.flatten() for c in optimizer.codes])
save_file(made, sys.argv[1])
print({name: (made[f"{STEPS}.{name}"] - drawn(i, s) * 0.1).abs().max().item() for i, (name, s) in enumerate(SHAPES.items())})
