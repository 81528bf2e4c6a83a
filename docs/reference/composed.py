"""Fifty steps of PEFT's DoRA and LoHa on the tiny SD3 transformer, for ComposedTrainingTest.

    pip install torch diffusers peft safetensors
    python docs/reference/composed.py sd3-runtime/src/test/resources/reference stan-adapter/src/test/resources/reference/composed.safetensors
"""

import pathlib
import sys

import torch
from diffusers import SD3Transformer2DModel
from peft import LoHaConfig, LoraConfig, inject_adapter_in_model
from safetensors.torch import save_file

STEPS, BATCHES, RATE = 50, 5, 4e-3
TARGETS = ["attn.to_q", "attn.to_k", "attn.to_v", "attn.to_out.0"]
CONFIGS = {
    "dora": LoraConfig(r=4, lora_alpha=6, use_dora=True, target_modules=TARGETS),
    "loha": LoHaConfig(r=3, alpha=2, target_modules=TARGETS),
}

reference, out = pathlib.Path(sys.argv[1]), sys.argv[2]
draw = torch.Generator().manual_seed(5)
made = {}
for name, config in CONFIGS.items():
    model = SD3Transformer2DModel.from_pretrained(reference / "tiny-3.0" / "transformer", torch_dtype=torch.float32)
    model.requires_grad_(False)
    width, joint, pooled = model.config.in_channels, model.config.joint_attention_dim, model.config.pooled_projection_dim
    if not made:
        for b in range(BATCHES):
            made[f"{b}.latents"] = torch.randn(2, width, 4, 4, generator=draw)
            made[f"{b}.noise"] = torch.randn(2, width, 4, 4, generator=draw)
            made[f"{b}.embeds"] = torch.randn(2, 5, joint, generator=draw)
            made[f"{b}.pooled"] = torch.randn(2, pooled, generator=draw)
            made[f"{b}.sigmas"] = torch.rand(2, generator=draw)
    inject_adapter_in_model(config, model)
    trained = {key: p for key, p in model.named_parameters() if p.requires_grad}
    keys = {
        key: key.replace("lora_magnitude_vector.default.weight", "lora_magnitude_vector").replace(".default", "")
        for key in trained
    }
    with torch.no_grad():
        for key, p in trained.items():
            if "magnitude" not in key:
                p.copy_(torch.randn(p.shape, generator=draw) * (0.1 if "hada_w2_b" not in key else 0.5))
    for module in model.modules():
        if hasattr(module, "lora_magnitude_vector") and module.lora_magnitude_vector:
            with torch.no_grad():
                module.lora_magnitude_vector["default"].weight.copy_(module.base_layer.weight.norm(dim=1) * 1.05)
    for key, p in trained.items():
        made[f"{name}.start.{keys[key]}"] = p.detach().clone()
    optimizer = torch.optim.AdamW(trained.values(), lr=RATE, weight_decay=0.01)
    losses = []
    for t in range(STEPS):
        batch = {key: made[f"{t % BATCHES}.{key}"] for key in ("latents", "noise", "embeds", "pooled", "sigmas")}
        s = batch["sigmas"].reshape(-1, 1, 1, 1)
        noisy = (1 - s) * batch["latents"] + s * batch["noise"]
        v = model(noisy, batch["embeds"], batch["pooled"], batch["sigmas"] * 1000, return_dict=False)[0]
        loss = ((v - (batch["noise"] - batch["latents"])) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained.values(), 1.0)
        optimizer.step()
        losses.append(loss.detach())
    made[f"{name}.losses"] = torch.stack(losses)
    for key, p in trained.items():
        made[f"{name}.end.{keys[key]}"] = p.detach().clone()
    print(name, losses[0].item(), losses[-1].item(), len(trained), list(keys.values())[:4])
save_file({key: value.contiguous() for key, value in made.items()}, out)
