"""Single files under the original key names, checked against diffusers' own converters."""

import json
import re

import torch
from diffusers.loaders import single_file_utils
from safetensors.torch import load_file, save_file

MMDIT, VAE = "model.diffusion_model.", "first_stage_model."
WHOLE, PARTS = "incl_clips_t5xxlfp8", "fp8_e5m2"
ENCODERS = {
    "text_encoder": "text_encoders.clip_l.transformer.",
    "text_encoder_2": "text_encoders.clip_g.transformer.",
    "text_encoder_3": "text_encoders.t5xxl.transformer.",
}
OUTSIDE_BLOCKS = {
    "pos_embed.pos_embed": "pos_embed",
    "pos_embed.proj": "x_embedder.proj",
    "time_text_embed.timestep_embedder.linear_1": "t_embedder.mlp.0",
    "time_text_embed.timestep_embedder.linear_2": "t_embedder.mlp.2",
    "time_text_embed.text_embedder.linear_1": "y_embedder.mlp.0",
    "time_text_embed.text_embedder.linear_2": "y_embedder.mlp.2",
    "context_embedder": "context_embedder",
    "proj_out": "final_layer.linear",
    "norm_out.linear": "final_layer.adaLN_modulation.1",
}
IN_BLOCKS = {
    "norm1.linear": "x_block.adaLN_modulation.1",
    "norm1_context.linear": "context_block.adaLN_modulation.1",
    "attn.to_out.0": "x_block.attn.proj",
    "attn.to_add_out": "context_block.attn.proj",
    "attn.norm_q": "x_block.attn.ln_q",
    "attn.norm_k": "x_block.attn.ln_k",
    "attn.norm_added_q": "context_block.attn.ln_q",
    "attn.norm_added_k": "context_block.attn.ln_k",
    "attn2.to_out.0": "x_block.attn2.proj",
    "attn2.norm_q": "x_block.attn2.ln_q",
    "attn2.norm_k": "x_block.attn2.ln_k",
    "ff.net.0.proj": "x_block.mlp.fc1",
    "ff.net.2": "x_block.mlp.fc2",
    "ff_context.net.0.proj": "context_block.mlp.fc1",
    "ff_context.net.2": "context_block.mlp.fc2",
}
FUSED = {
    "attn.to_q": ("x_block.attn.qkv", ["attn.to_q", "attn.to_k", "attn.to_v"]),
    "attn.add_q_proj": (
        "context_block.attn.qkv",
        ["attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj"],
    ),
    "attn2.to_q": ("x_block.attn2.qkv", ["attn2.to_q", "attn2.to_k", "attn2.to_v"]),
}
VAE_PATTERNS = [
    (r"mid_block\.resnets\.0", "mid.block_1"),
    (r"mid_block\.resnets\.1", "mid.block_2"),
    (r"mid_block\.attentions\.0\.group_norm", "mid.attn_1.norm"),
    (r"mid_block\.attentions\.0\.to_out\.0", "mid.attn_1.proj_out"),
    (r"mid_block\.attentions\.0\.to_(.)", r"mid.attn_1.\1"),
    (r"conv_norm_out", "norm_out"),
    (r"down_blocks\.(\d)\.downsamplers\.0", r"down.\1.downsample"),
    (r"down_blocks\.(\d)\.resnets", r"down.\1.block"),
    (r"conv_shortcut", "nin_shortcut"),
]


def tensors(folder):
    found = {}
    for path in sorted(folder.glob("*.safetensors")):
        if ".fp16" not in path.name:
            found |= load_file(path)
    return found


def swapped(tensor):
    """Shift and scale change places."""
    return torch.cat(tensor.chunk(2)[::-1])


def transformer(stored):
    blocks = 1 + max(int(name.split(".")[1]) for name in stored if "_blocks." in name)
    renamed = {}
    for name, tensor in stored.items():
        module, _, kind = name.rpartition(".")
        if name == "pos_embed.pos_embed":
            renamed[OUTSIDE_BLOCKS[name]] = tensor
        elif module in OUTSIDE_BLOCKS:
            tensor = swapped(tensor) if module == "norm_out.linear" else tensor
            renamed[f"{OUTSIDE_BLOCKS[module]}.{kind}"] = tensor
        else:
            index, part = re.fullmatch(r"transformer_blocks\.(\d+)\.(.*)", module).groups()
            if part in FUSED:
                target, parts = FUSED[part]
                names = [f"transformer_blocks.{index}.{each}.{kind}" for each in parts]
                tensor = torch.cat([stored[each] for each in names])
            elif part in IN_BLOCKS:
                target = IN_BLOCKS[part]
                last = int(index) == blocks - 1
                tensor = swapped(tensor) if last and part == "norm1_context.linear" else tensor
            else:
                continue
            renamed[f"joint_blocks.{index}.{target}.{kind}"] = tensor
    back = single_file_utils.convert_sd3_transformer_checkpoint_to_diffusers(dict(renamed))
    same(back, stored)
    return {MMDIT + name: tensor for name, tensor in renamed.items()}


def autoencoder(stored, config):
    renamed = {}
    last = len(config["block_out_channels"]) - 1
    for name, tensor in stored.items():
        if re.search(r"attentions\.0\.to_.*weight", name):
            tensor = tensor[:, :, None, None]
        for pattern, replacement in VAE_PATTERNS:
            name = re.sub(pattern, replacement, name)
        name = re.sub(
            r"up_blocks\.(\d)\.(resnets|upsamplers\.0)",
            lambda at: f"up.{last - int(at[1])}." + ("block" if at[2] == "resnets" else "upsample"),
            name,
        )
        renamed[name] = tensor
    prefixed = {VAE + name: tensor for name, tensor in renamed.items()}
    same(single_file_utils.convert_ldm_vae_checkpoint(dict(prefixed), dict(config)), stored)
    return prefixed


def same(converted, stored):
    assert converted.keys() == stored.keys(), converted.keys() ^ stored.keys()
    for name, tensor in stored.items():
        assert torch.equal(converted[name], tensor), name


def write(root, model):
    """One whole file in 8 bits with 16-bit CLIP and autoencoder, and one without those parts."""
    folder = root / model
    mmdit = transformer(tensors(folder / "transformer"))
    config = json.loads((folder / "vae" / "config.json").read_text())
    vae = autoencoder(tensors(folder / "vae"), config)
    t5 = encoder(folder, "text_encoder_3")
    clips = encoder(folder, "text_encoder") | encoder(folder, "text_encoder_2")
    # CLIP-L has no projection in these files: its pooled state is taken as it is.
    del clips[ENCODERS["text_encoder"] + "text_projection.weight"]
    wide = {name: tensor.half() for name, tensor in (vae | clips).items()}
    save(root, model, WHOLE, eighths(mmdit | t5, torch.float8_e4m3fn) | wide)
    save(root, model, PARTS, eighths(mmdit | t5, torch.float8_e5m2))


def encoder(folder, name):
    return {ENCODERS[name] + key: tensor for key, tensor in tensors(folder / name).items()}


def eighths(stored, kind):
    return {name: tensor.to(kind) for name, tensor in stored.items()}


def path_of(root, model, form):
    return root / "single-file" / f"{model}_{form}.safetensors"


def save(root, model, form, stored):
    path = path_of(root, model, form)
    path.parent.mkdir(exist_ok=True)
    save_file({name: tensor.contiguous() for name, tensor in stored.items()}, path)


def load(path, prefix):
    """The tensors under a prefix, as wide as the reference computes."""
    stored = load_file(path)
    return {
        name.removeprefix(prefix): tensor.float()
        for name, tensor in stored.items()
        if name.startswith(prefix)
    }
