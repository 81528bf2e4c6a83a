"""Losses and trainings on preferences by PyTorch, diffusers and PEFT on the tiny SD3 transformer.

  preferences.py REFERENCE OUT    REFERENCE: sd3-runtime/src/test/resources/reference

Writes OUT/curves.json, for each objective the losses and norms of gradients of 50 steps, and OUT/weights.safetensors, <objective>.<module>.<tensor>
after them. Everything random is drawn from seeds, which the program repeats: batch b of latents, text and pooled text from seed 100 + b, noise and
levels of step s from seed 1000 + s (levels by one draw of uniform numbers after the noise), LoRA's A of module i from seed 10 + i.
"""
import json, pathlib, sys

import torch
import torch.nn.functional as F
from diffusers import SD3Transformer2DModel
from peft import LoraConfig, inject_adapter_in_model
from safetensors.torch import save_file

torch.set_num_threads(1)
reference, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
out.mkdir(parents=True, exist_ok=True)
STEPS, BATCHES, PAIRS, RANK, RATE, DECAY, SCALE = 50, 4, 2, 2, 2e-3, 1e-2, 0.1
MODULES = [f"transformer_blocks.{b}.attn.{p}" for b in (0, 1) for p in ("to_q", "to_v", "to_out.0")]
SETTINGS = {
    "dpo": dict(beta=100.0, margin=0.0),
    "ipo": dict(beta=40.0, margin=0.0),
    "simpo": dict(beta=20.0, margin=0.5),
    "winner": dict(beta=100.0, margin=0.0),
}


def network(dtype):
    return SD3Transformer2DModel.from_pretrained(reference / "tiny-3.0" / "transformer", torch_dtype=torch.float32).to(dtype).eval()


def draws(seed):
    generator = torch.Generator().manual_seed(seed)
    return lambda *shape: torch.randn(*shape, generator=generator)


def batch_of(config, step):
    draw = draws(100 + step % BATCHES)
    latents = draw(2 * PAIRS, config.in_channels, 4, 4)  # preferred, other, preferred, other
    text, pooled = draw(PAIRS, 5, config.joint_attention_dim), draw(PAIRS, config.pooled_projection_dim)
    generator = torch.Generator().manual_seed(1000 + step)
    noise = torch.randn(PAIRS, config.in_channels, 4, 4, generator=generator)
    sigmas = torch.rand(PAIRS, generator=generator)
    both = lambda x: x.repeat_interleave(2, 0)
    return latents, both(text), both(pooled), both(noise), both(sigmas)


def errors(model, latents, text, pooled, noise, sigmas):
    s = sigmas.view(-1, 1, 1, 1)
    velocity = model(
        hidden_states=(1 - s) * latents + s * noise, encoder_hidden_states=text, pooled_projections=pooled, timestep=1000 * sigmas, return_dict=False)[0]
    each = F.mse_loss(velocity, noise - latents, reduction="none").mean(dim=(1, 2, 3))
    return each[0::2], each[1::2]


def loss_of(objective, beta, margin, model, base, batch):
    preferred, other = errors(model, *batch)
    if objective == "winner":
        return preferred.mean()
    difference = preferred - other
    if objective == "simpo":
        return -F.logsigmoid(-0.5 * beta * difference - margin).mean()
    with torch.no_grad():
        base_preferred, base_other = errors(base, *batch)
    inside = -0.5 * (difference - (base_preferred - base_other))
    if objective == "ipo":
        return beta**2 * ((inside - 1 / (2 * beta)) ** 2).mean()
    return -F.logsigmoid(beta * inside).mean()


def train(objective, dtype):
    base = network(dtype).requires_grad_(False)
    model = inject_adapter_in_model(LoraConfig(r=RANK, lora_alpha=RANK, target_modules=MODULES), network(dtype).requires_grad_(False))
    trained = {}
    for i, module in enumerate(MODULES):
        layer = model.get_submodule(module)
        a, b = layer.lora_A["default"].weight, layer.lora_B["default"].weight
        with torch.no_grad():
            a.copy_(draws(10 + i)(*a.shape) * SCALE)
            b.zero_()
        trained[f"{module}.lora_A.weight"], trained[f"{module}.lora_B.weight"] = a, b
    for parameter in trained.values():
        parameter.requires_grad_(True)
    optimizer = torch.optim.AdamW(trained.values(), lr=RATE, betas=(0.9, 0.999), eps=1e-8, weight_decay=DECAY)
    losses, norms = [], []
    for step in range(STEPS):
        batch = [x.to(dtype) for x in batch_of(base.config, step)]
        loss = loss_of(objective, **SETTINGS[objective], model=model, base=base, batch=batch)
        optimizer.zero_grad()
        loss.backward()
        norms.append(float(torch.nn.utils.clip_grad_norm_(trained.values(), 1.0)))
        optimizer.step()
        losses.append(loss.item())
    return losses, norms, {name: value.detach().float().contiguous().clone() for name, value in trained.items()}


curves, weights = {}, {}
for objective, settings in SETTINGS.items():
    losses, norms, trained = train(objective, torch.float32)
    exact, _, exact_trained = train(objective, torch.float64)
    rounding = max(abs(a - b) for a, b in zip(losses, exact))
    drift = max((trained[name] - exact_trained[name]).abs().max().item() for name in trained)
    print(f"{objective}: loss {losses[0]:.6f} to {losses[-1]:.6f}, norm {norms[0]:.3f}, float32 from float64 {rounding:.1e}, weights {drift:.1e}")
    curves[objective] = dict(settings, losses=losses, norms=norms)
    weights |= {f"{objective}.{name}": value for name, value in trained.items()}
(out / "curves.json").write_text(json.dumps(curves, indent=1) + "\n", encoding="utf-8")
save_file(weights, out / "weights.safetensors")
