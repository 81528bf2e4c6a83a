"""Trains a STAN for diffusers' Stable Diffusion 3 in plain PyTorch, on a folder of pictures with captions beside them (cat.png, cat.txt).

    python train_stan.py --model MODEL --data PICTURES --out my-stan

The folder it writes is opened by stan_diffusers.py, by ComfyUI with this folder's node, and by STAN Studio. `studio train` does the same faster, with
validation, checkpoints and resuming; this file is the method on one page. Equations are those of the paper.
"""

import argparse
import json
import pathlib

import torch
from diffusers import StableDiffusion3Pipeline
from PIL import Image
from safetensors.torch import save_file

from stan_diffusers import PREFIX, Layer

ATTENTION = ("to_q", "to_k", "to_v", "to_out.0", "add_q_proj", "add_k_proj", "add_v_proj", "to_add_out")


def settings_of(features, k):
    revival = {"features": 0, "weight": 1.0, "dead_after": 1}
    return {
        "width": {"features": features, "expansion": 0.0}, "k": k, "selection": "value", "averaged": True, "tied": False,
        "revival": revival, "widths": {}, "kept": {}, "groups": 1,
    }  # fmt: skip


def add_stan(transformer, settings):
    """Hooks a new STAN into the attention of every block: E Kaiming-uniform, D zero, so that training begins at the model itself."""
    layers, shapes = {}, {}
    last = f"transformer_blocks.{transformer.config.num_layers - 1}.attn.add_q_proj"  # the last block throws its text away
    for path, module in transformer.named_modules():
        if path.startswith("transformer_blocks.") and path.endswith(tuple("attn." + end for end in ATTENTION)) and path != last:
            m, n, l = module.out_features, module.in_features, settings["width"]["features"]
            E = torch.empty(l, n, device=module.weight.device).uniform_(-1, 1) / n**0.5
            D = torch.zeros(m, l, device=E.device)
            layer = Layer(path, settings, {f"{PREFIX}{path}.stan_E.weight": E, f"{PREFIX}{path}.stan_D.weight": D})
            layer.E.requires_grad_(), layer.D.requires_grad_()
            # eq. 3 and 4, computed in float32 beside a model of any type
            module.register_forward_hook(lambda _, x, h, layer=layer: h + layer.change(x[0].float(), h.float()).to(h.dtype))
            layers[path], shapes[path] = layer, [m, n]
    return layers, shapes


@torch.no_grad()
def encode(pipe, folder, size):
    """Latents and embeddings of every picture; the middle square of it is taken."""
    examples = []
    for file in sorted(file for file in pathlib.Path(folder).iterdir() if file.suffix.lower() in (".png", ".jpg", ".jpeg", ".webp")):
        picture = Image.open(file).convert("RGB")
        side = min(picture.size)
        left, top = (picture.width - side) // 2, (picture.height - side) // 2
        picture = picture.resize((size, size), Image.Resampling.LANCZOS, (left, top, left + side, top + side))
        pixels = pipe.image_processor.preprocess(picture).to(pipe.device, pipe.vae.dtype)
        moments = pipe.vae.encode(pixels).latent_dist.mode()
        z = (moments - pipe.vae.config.shift_factor) * pipe.vae.config.scaling_factor
        prompt, _, pooled, _ = pipe.encode_prompt(file.with_suffix(".txt").read_text().strip(), None, None, do_classifier_free_guidance=False)
        examples.append((z, prompt, pooled))
    return examples


def train(pipe, examples, settings, steps, batch, rate, seed=0):
    """Minimises |v - (noise - z)|^2 for x = (1 - sigma) z + sigma noise, sigma logit-normal; returns the layers and their shapes."""
    torch.manual_seed(seed)
    pipe.transformer.requires_grad_(False)
    layers, shapes = add_stan(pipe.transformer, settings)
    weights = [tensor for layer in layers.values() for tensor in (layer.E, layer.D)]
    optimizer = torch.optim.AdamW(weights, lr=rate, weight_decay=1e-4)
    for step in range(steps):
        chosen = [examples[i] for i in torch.randint(len(examples), (batch,)).tolist()]
        z, prompt, pooled = (torch.cat(tensors) for tensors in zip(*chosen))
        noise = torch.randn_like(z)
        sigma = torch.sigmoid(torch.randn(batch, 1, 1, 1, device=z.device)).to(z.dtype)
        x = (1 - sigma) * z + sigma * noise
        v = pipe.transformer(x, prompt, pooled, sigma.flatten() * 1000, return_dict=False)[0]
        loss = (v.float() - (noise - z).float()).square().mean()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        print(f"step {step + 1}/{steps}: loss {loss.item():.4f}")
    return layers, shapes


def write(folder, settings, layers, shapes, model):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True)
    config = {"format_version": 1, "kind": "stan", "settings": settings, "modules": shapes, "base_model_name_or_path": model}
    (folder / "adapter_config.json").write_text(json.dumps(config, indent=1), encoding="utf-8")
    tensors = {}
    for path, layer in layers.items():
        tensors[f"{PREFIX}{path}.stan_E.weight"] = layer.E.detach().cpu().contiguous()
        tensors[f"{PREFIX}{path}.stan_D.weight"] = layer.D.detach().cpu().contiguous()
    save_file(tensors, folder / "adapter_model.safetensors", {"format": "pt"})


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Trains a STAN for Stable Diffusion 3.")
    for name in ("model", "data", "out"):
        parser.add_argument("--" + name, required=True)
    # Table 14's settings
    for name, value in {"steps": 3000, "batch": 1, "features": 512, "k": 96, "size": 1024, "seed": 0}.items():
        parser.add_argument("--" + name, type=int, default=value)
    parser.add_argument("--lr", type=float, default=4e-4)
    a = parser.parse_args()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    pipe = StableDiffusion3Pipeline.from_pretrained(a.model, dtype=torch.bfloat16 if device == "cuda" else torch.float32).to(device)
    settings = settings_of(a.features, a.k)
    layers, shapes = train(pipe, encode(pipe, a.data, a.size), settings, a.steps, a.batch, a.lr, a.seed)
    write(a.out, settings, layers, shapes, a.model)
