"""A step of training a LoRA on diffusers' SD3 transformer with PEFT, random weights, timed on request.

For each line on standard input makes one step (forward, backward, clipping, AdamW) on one random picture and answers with a JSON
line {"step_ms", "cpu_ms"}; prints "ready" first. The base is in --dtype, the LoRA in fp32, as PEFT casts it. The counterpart of
`studio adapter experiment efficiency --training --kinds lora --paced`; compare.py drives both.
"""

import argparse
import json
import sys
import time

import torch
from peft import LoraConfig, inject_adapter_in_model

from step import SHAPES, from_shape, peak, wait

TARGETS = ["to_q", "to_k", "to_v", "to_out.0", "add_q_proj", "add_k_proj", "add_v_proj", "to_add_out"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model-shape", choices=SHAPES, default="sd3-medium")
    parser.add_argument("--layers", type=int)
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--text-tokens", type=int, default=333)
    parser.add_argument("--dtype", choices=("fp32", "bf16"), default="fp32")
    parser.add_argument("--rank", type=int, default=32)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--warm-up", type=int, default=1)
    parser.add_argument("--checkpointing", action="store_true")
    parser.add_argument("--device", default="cpu")
    args = parser.parse_args()

    torch.set_num_threads(args.threads)
    dtype = {"fp32": torch.float32, "bf16": torch.bfloat16}[args.dtype]
    model = from_shape(args.model_shape, args.layers, dtype)
    model.requires_grad_(False)
    model.train().to(args.device)
    inject_adapter_in_model(LoraConfig(r=args.rank, lora_alpha=args.rank, target_modules=TARGETS), model)
    if args.checkpointing:
        model.enable_gradient_checkpointing()
    learnt = [p for p in model.parameters() if p.requires_grad]
    for p in learnt:
        p.data = p.data.float()
    optimizer = torch.optim.AdamW(learnt, lr=1e-4, weight_decay=0.01)

    config = model.config
    g = torch.Generator().manual_seed(0)
    draw = lambda *s: torch.randn(*s, generator=g).to(args.device)
    side = args.size // 8
    clean, noise = draw(1, config.in_channels, side, side), draw(1, config.in_channels, side, side)
    tokens = draw(1, args.text_tokens, config.joint_attention_dim).to(dtype)
    pooled = draw(1, config.pooled_projection_dim).to(dtype)
    sigma = 0.5
    noisy = (1 - sigma) * clean + sigma * noise

    def step():
        v = model(
            hidden_states=noisy.to(dtype),
            timestep=torch.tensor([1000 * sigma], device=args.device),
            encoder_hidden_states=tokens,
            pooled_projections=pooled,
            return_dict=False,
        )[0]
        loss = ((noisy - sigma * v.float() - clean) ** 2).mean()
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(learnt, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        wait(args.device)
        return float(norm)

    for _ in range(args.warm_up):
        step()
    print("ready", json.dumps({"torch": torch.__version__, "parameters": sum(p.numel() for p in learnt), **peak(args.device)}), flush=True)
    for _ in sys.stdin:
        cpu, begin = time.process_time(), time.perf_counter()
        step()
        wall = time.perf_counter() - begin
        print(json.dumps({"step_ms": wall * 1e3, "cpu_ms": (time.process_time() - cpu) * 1e3}), flush=True)


if __name__ == "__main__":
    main()
