"""A denoising step of diffusers' SD3 transformer on random weights, timed on request.

For each line on standard input runs one step (transformer with CFG batch 2, guidance, Euler update) and answers with a JSON line
{"step_ms", "cpu_ms"}; prints "ready" first. The counterpart of `studio bench --paced`; compare.py drives both.
"""

import argparse
import json
import pathlib
import sys
import time

import torch
from diffusers import FlowMatchEulerDiscreteScheduler, SD3Transformer2DModel

SHAPES = {
    "sd3-medium": dict(depth=24, positions=192, dual=0, qk_norm=None),
    "sd3.5-medium": dict(depth=24, positions=384, dual=13, qk_norm="rms_norm"),
    "sd3.5-large": dict(depth=38, positions=192, dual=0, qk_norm="rms_norm"),
}


def from_shape(name, layers, dtype):
    shape = SHAPES[name]
    default = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    model = SD3Transformer2DModel(
        sample_size=128,
        patch_size=2,
        in_channels=16,
        num_layers=layers or shape["depth"],
        attention_head_dim=64,
        num_attention_heads=shape["depth"],
        joint_attention_dim=4096,
        caption_projection_dim=64 * shape["depth"],
        pooled_projection_dim=2048,
        out_channels=16,
        pos_embed_max_size=shape["positions"],
        dual_attention_layers=tuple(range(min(shape["dual"], layers or shape["depth"]))),
        qk_norm=shape["qk_norm"],
    )
    torch.set_default_dtype(default)
    return model


def wait(device):
    """Until the card has done all that it was given."""
    if device != "cpu":
        torch.cuda.synchronize(device)


def peak(device):
    """The most memory that tensors took on the card."""
    return {} if device == "cpu" else {"peak_card_mb": torch.cuda.max_memory_allocated(device) / 2**20}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model-shape", choices=SHAPES)
    parser.add_argument("--model", type=pathlib.Path)
    parser.add_argument("--layers", type=int)
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--text-tokens", type=int, default=333)
    parser.add_argument("--dtype", choices=("fp32", "bf16", "fp16"), default="fp32")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--warm-up", type=int, default=2)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--compile", action="store_true", help="with torch.compile")
    args = parser.parse_args()

    torch.set_num_threads(args.threads)
    torch.set_grad_enabled(False)
    dtype = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}[args.dtype]
    start = time.perf_counter()
    if args.model:
        model = SD3Transformer2DModel.from_pretrained(args.model, subfolder="transformer", torch_dtype=dtype)
    else:
        model = from_shape(args.model_shape, args.layers, dtype)
    model.eval().to(args.device)
    wait(args.device)
    load = time.perf_counter() - start

    config = model.config
    g = torch.Generator().manual_seed(0)
    draw = lambda *s: torch.randn(*s, generator=g).to(args.device, dtype)
    latents = draw(1, config.in_channels, args.size // 8, args.size // 8)
    tokens = draw(2, args.text_tokens, config.joint_attention_dim)
    pooled = draw(2, config.pooled_projection_dim)
    scheduler = FlowMatchEulerDiscreteScheduler(shift=3.0)
    scheduler.set_timesteps(28, device=args.device)
    transformer = torch.compile(model) if args.compile else model
    calls = 0

    def step():
        nonlocal latents, calls
        if calls % 28 == 0:
            scheduler.set_timesteps(28, device=args.device)
        t = scheduler.timesteps[calls % 28]
        calls += 1
        both = torch.cat([latents] * 2)
        v = transformer(
            hidden_states=both,
            timestep=t.expand(2),
            encoder_hidden_states=tokens,
            pooled_projections=pooled,
            return_dict=False,
        )[0]
        negative, positive = v.chunk(2)
        guided = negative + 7.0 * (positive - negative)
        latents = scheduler.step(guided, t, latents, return_dict=False)[0]
        wait(args.device)

    first = None
    for _ in range(args.warm_up):
        begin = time.perf_counter()
        step()
        first = first or time.perf_counter() - begin
    print(
        "ready",
        json.dumps({"torch": torch.__version__, "load_ms": load * 1e3, "first_step_ms": first and first * 1e3, **peak(args.device)}),
        flush=True,
    )
    for _ in sys.stdin:
        cpu, begin = time.process_time(), time.perf_counter()
        step()
        wall = time.perf_counter() - begin
        print(json.dumps({"step_ms": wall * 1e3, "cpu_ms": (time.process_time() - cpu) * 1e3}), flush=True)


if __name__ == "__main__":
    main()
