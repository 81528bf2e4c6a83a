"""Fifty steps of PEFT's and LyCORIS' adapters on the tiny SD3 transformer, for ComposedTrainingTest.

    pip install torch diffusers peft lycoris-lora safetensors
    python docs/reference/composed.py sd3-runtime/src/test/resources/reference stan-adapter/src/test/resources/reference/composed.safetensors
"""

import pathlib
import sys

import torch
from diffusers import SD3Transformer2DModel
from lycoris.modules.lokr import LokrModule
from peft import BOFTConfig, LoHaConfig, LoKrConfig, LoraConfig, OFTConfig, inject_adapter_in_model
from peft.tuners.boft import layer as boft
from safetensors.torch import save_file

STEPS, BATCHES, RATE = 50, 5, 4e-3
TARGETS = ["attn.to_q", "attn.to_k", "attn.to_v", "attn.to_out.0"]
CONFIGS = {
    "dora": LoraConfig(r=4, lora_alpha=6, use_dora=True, target_modules=TARGETS),
    "loha": LoHaConfig(r=3, alpha=2, target_modules=TARGETS),
    "lokr": LoKrConfig(r=2, alpha=3, decompose_factor=4, target_modules=TARGETS),
    "lokr-both": LoKrConfig(r=1, alpha=2, decompose_both=True, target_modules=TARGETS),
    "lokr-lycoris": LoKrConfig(r=2, alpha=1, decompose_factor=4, target_modules=TARGETS),
    "oft": OFTConfig(oft_block_size=8, target_modules=TARGETS),
    "oft-exact": OFTConfig(oft_block_size=16, use_cayley_neumann=False, coft=True, eps=0.3, target_modules=TARGETS),
    "oft-shared": OFTConfig(oft_block_size=8, block_share=True, target_modules=TARGETS),
    "boft": BOFTConfig(boft_block_size=8, target_modules=TARGETS),
    "boft-butterfly": BOFTConfig(boft_block_size=4, boft_n_butterfly_factor=3, target_modules=TARGETS),
}
SIZES = {"lora_magnitude_vector": 0, "boft_s": 0, "hada_w2_b": 0.5, "oft_R": 0.03, "boft_R": 0.06}


class Blocks:
    """Computes what the CUDA kernel of PEFT's FastBlockDiag does."""

    @staticmethod
    def apply(x):
        return torch.stack([torch.block_diag(*row) for row in x])


@torch.no_grad()
def limit(model):
    """Limits the blocks of constrained OFT as PEFT does at the beginning of a step."""
    for module in model.modules():
        if getattr(module, "coft", False) and hasattr(module, "_project_batch"):
            module.weight.copy_(module._project_batch(module.weight, eps=module.eps))


def lycoris(model, config):
    """LyCORIS' modules in place of PEFT's layers; its parameters by PEFT's names."""
    trained = {}
    for path, module in list(model.named_modules()):
        if any(path.endswith(target) for target in TARGETS):
            one = LokrModule("x", module, lora_dim=config.r, alpha=config.alpha, factor=config.decompose_factor)
            one.apply_to()
            trained.update({f"{path}.{key}": p for key, p in one.named_parameters()})
    return trained

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
    boft.FastBlockDiag, boft.get_fbd_cuda = Blocks, lambda: "butterfly" in name
    if "lycoris" in name:
        trained = lycoris(model, config)
    else:
        inject_adapter_in_model(config, model)
        trained = {key: p for key, p in model.named_parameters() if p.requires_grad}
    keys = {
        key: key.replace("lora_magnitude_vector.default.weight", "lora_magnitude_vector").replace(".default", "")
        for key in trained
    }
    with torch.no_grad():
        for key, p in trained.items():
            size = next((x for part, x in SIZES.items() if part in key), 0.1)
            if size:
                p.copy_(torch.randn(p.shape, generator=draw) * size)
            elif "boft_s" in key:
                p.mul_(1 + 0.05 * torch.randn(p.shape, generator=draw))
    for module in model.modules():
        if hasattr(module, "lora_magnitude_vector") and module.lora_magnitude_vector:
            with torch.no_grad():
                module.lora_magnitude_vector["default"].weight.copy_(module.base_layer.weight.norm(dim=1) * 1.05)
    limit(model)
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
    limit(model)
    made[f"{name}.losses"] = torch.stack(losses)
    for key, p in trained.items():
        made[f"{name}.end.{keys[key]}"] = p.detach().clone()
    print(name, losses[0].item(), losses[-1].item(), len(trained), list(keys.values())[:4])
save_file({key: value.contiguous() for key, value in made.items()}, out)
