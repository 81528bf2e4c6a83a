"""Courses of the public optimizers on a small problem with known gradients, for OptimizerReferenceTest.

    pip install torch transformers prodigyopt schedulefree lion-pytorch came_pytorch safetensors
    python docs/reference/optimizers.py sd3-runtime/src/test/resources/reference/optimizers.safetensors

The gradient of parameter p in step t is p - target + noise[t]; its norm is clipped at 1, as in every training.
"""

import sys

import torch
from came_pytorch import CAME
from lion_pytorch import Lion
from prodigyopt import Prodigy
from safetensors.torch import save_file
from schedulefree import AdamWScheduleFree
from transformers.optimization import Adafactor

STEPS, EVERY = 50, 5
SHAPES = {"a": (4, 6), "b": (8, 4), "c": (5,)}
DECAY = 0.01

draw = torch.Generator().manual_seed(7)
start = {name: torch.randn(shape, generator=draw) * 0.1 for name, shape in SHAPES.items()}
start["b"] = torch.zeros(SHAPES["b"])
target = {name: torch.randn(shape, generator=draw) for name, shape in SHAPES.items()}
noise = {name: torch.randn(STEPS, *shape, generator=draw) * 0.5 for name, shape in SHAPES.items()}

# name: (learning rate, the optimizers that share the parameters)
OPTIMIZERS = {
    "adamw": (1e-2, lambda ps, lr: [torch.optim.AdamW(ps, lr=lr, weight_decay=DECAY)]),
    "prodigy": (1.0, lambda ps, lr: [Prodigy(ps, lr=lr, weight_decay=DECAY)]),
    "prodigy-corrected": (
        1.0,
        lambda ps, lr: [
            Prodigy(ps, lr=lr, weight_decay=DECAY, d_coef=2.0, use_bias_correction=True, safeguard_warmup=True)
        ],
    ),
    "schedule-free": (1e-2, lambda ps, lr: [AdamWScheduleFree(ps, lr=lr, weight_decay=DECAY)]),
    "lion": (1e-3, lambda ps, lr: [Lion(ps, lr=lr, weight_decay=DECAY)]),
    "adafactor": (
        1e-2,
        lambda ps, lr: [Adafactor(ps, lr=lr, weight_decay=DECAY, scale_parameter=False, relative_step=False)],
    ),
    "adafactor-sized": (1e-1, lambda ps, lr: [torch.optim.Adafactor(ps, lr=lr, weight_decay=DECAY)]),
    "came": (1e-2, lambda ps, lr: [CAME(ps, lr=lr, weight_decay=DECAY)]),
    "muon": (
        1e-3,
        lambda ps, lr: [
            torch.optim.Muon(
                [p for p in ps if p.ndim == 2], lr=lr, weight_decay=DECAY, adjust_lr_fn="match_rms_adamw"
            ),
            torch.optim.AdamW([p for p in ps if p.ndim < 2], lr=lr, weight_decay=DECAY),
        ],
    ),
}


def course(make, lr):
    parameters = {name: torch.nn.Parameter(value.clone()) for name, value in start.items()}
    optimizers = make(list(parameters.values()), lr)
    for optimizer in optimizers:
        if hasattr(optimizer, "train"):
            optimizer.train()
    kept = []
    for t in range(STEPS):
        for name, p in parameters.items():
            p.grad = (p.detach() - target[name] + noise[name][t]).clone()
        torch.nn.utils.clip_grad_norm_(parameters.values(), 1.0)
        for optimizer in optimizers:
            optimizer.step()
        if (t + 1) % EVERY == 0:
            kept.append(torch.cat([p.detach().flatten() for p in parameters.values()]))
    judged = torch.cat([p.detach().flatten() for p in parameters.values()])
    for optimizer in optimizers:
        if hasattr(optimizer, "eval"):
            optimizer.eval()
            judged = torch.cat([p.detach().flatten() for p in parameters.values()])
    return torch.stack(kept), judged


made = {}
for name in SHAPES:
    made[f"start.{name}"] = start[name]
    made[f"target.{name}"] = target[name]
    made[f"noise.{name}"] = noise[name]
for name, (lr, make) in OPTIMIZERS.items():
    made[f"course.{name}"], made[f"judged.{name}"] = course(make, lr)
    made[f"rate.{name}"] = torch.tensor([lr], dtype=torch.float32)
    print(name, "moved", (made[f"judged.{name}"] - torch.cat([v.flatten() for v in start.values()])).abs().max().item())
save_file({name: value.contiguous() for name, value in made.items()}, sys.argv[1])
