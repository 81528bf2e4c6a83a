"""Tiny random-weight models of the classes that SD3 and SD3.5 are made of."""

import json
import math
import struct

import torch
from diffusers import AutoencoderKL, FlowMatchEulerDiscreteScheduler, SD3Transformer2DModel
from diffusers import StableDiffusion3Pipeline
from safetensors.torch import load_file, save_file
from transformers import CLIPTextConfig, CLIPTextModelWithProjection, T5Config, T5EncoderModel

import vocabularies

# What a checkpoint of this family may do, one of the two models does: the widths, types and forms
# differ wherever they can. Widths of the CLIP towers must add up to no more than T5's.
SPECS = {
    "tiny-3.0": {
        "merges": 600,
        "published_tokenizers": True,
        "pieces": 400,
        "shift": 3.0,
        "transformer": {
            "num_attention_heads": 1,
            "attention_head_dim": 64,
            "num_layers": 2,
            "sample_size": 8,
            "pos_embed_max_size": 12,
        },
        "vae": {"block_out_channels": (8, 16, 16, 16), "norm_num_groups": 4, "layers_per_block": 1},
        "clip_l": {"hidden_size": 12, "num_attention_heads": 2, "num_hidden_layers": 2},
        "clip_g": {"hidden_size": 16, "num_attention_heads": 2, "num_hidden_layers": 3},
        "t5": {"d_model": 32, "d_kv": 12, "num_heads": 3, "d_ff": 48, "num_layers": 2},
        "types": {"transformer": torch.float16, "vae": torch.float16, "text": torch.float32},
        "variant": torch.float16,
        "legacy_eos": True,
        "unaligned": "text_encoder_2/model.safetensors",
    },
    "tiny-3.5": {
        "merges": 350,
        "published_tokenizers": False,
        "pieces": 300,
        "shift": 3.0,
        "transformer": {
            "num_attention_heads": 6,
            "attention_head_dim": 8,
            "num_layers": 3,
            "sample_size": 12,
            "pos_embed_max_size": 10,
            "qk_norm": "rms_norm",
            "dual_attention_layers": (0,),
        },
        "vae": {"block_out_channels": (8, 8, 16, 16), "norm_num_groups": 2, "layers_per_block": 2},
        "clip_l": {"hidden_size": 16, "num_attention_heads": 4, "num_hidden_layers": 3},
        "clip_g": {"hidden_size": 20, "num_attention_heads": 5, "num_hidden_layers": 2},
        "t5": {"d_model": 40, "d_kv": 8, "num_heads": 4, "d_ff": 64, "num_layers": 3},
        "types": {"transformer": torch.bfloat16, "vae": torch.bfloat16, "text": torch.float16},
        "shards": "200KB",
        "legacy_eos": False,
        "old_vae_names": True,
        "unaligned": "transformer/diffusion_pytorch_model-00001-of-00003.safetensors",
    },
}
DIFFUSERS_FILE = "diffusion_pytorch_model.safetensors"
OLD_ATTENTION = {"to_q": "query", "to_k": "key", "to_v": "value", "to_out.0": "proj_attn"}


@torch.no_grad()
def fill(network, seed, gains):
    """Uniform weights that keep activations near one; no bias or norm weight stays neutral.

    A gain applies to the parameters whose name holds its key.
    """
    chance = torch.Generator().manual_seed(seed)
    for name, parameter in sorted(network.named_parameters()):
        drawn = 2 * torch.rand(parameter.shape, generator=chance) - 1
        if parameter.dim() == 1:
            parameter.copy_(1 + 0.4 * drawn if name.endswith("weight") else 0.25 * drawn)
            continue
        table = "embedding" in name or "shared" in name or "relative" in name
        inputs = 1 if table and "proj" not in name else parameter[0].numel()
        gain = next((gain for part, gain in gains.items() if part in name), 1.0)
        parameter.copy_(drawn * gain * math.sqrt(3 / inputs))
    return network.eval()


def clip(spec, vocabulary, activation, legacy_eos, seed):
    config = CLIPTextConfig(
        vocab_size=vocabulary,
        intermediate_size=3 * spec["hidden_size"],
        projection_dim=spec["hidden_size"],
        hidden_act=activation,
        max_position_embeddings=vocabularies.CLIP_LENGTH,
        bos_token_id=0 if legacy_eos else vocabulary - 2,
        eos_token_id=2 if legacy_eos else vocabulary - 1,
        pad_token_id=1 if legacy_eos else vocabulary - 1,
        **spec,
    )
    return fill(CLIPTextModelWithProjection(config), seed, {"q_proj": 2.0, "position": 0.4})


def t5(spec, vocabulary, seed):
    config = T5Config(
        vocab_size=vocabulary,
        feed_forward_proj="gated-gelu",
        tie_word_embeddings=False,
        dropout_rate=0.0,
        **spec,
    )
    return fill(T5EncoderModel(config), seed, {".q.": 0.6, "relative": 2.0})


def transformer(spec, text_width, pooled_width, seed):
    network = SD3Transformer2DModel(
        joint_attention_dim=text_width,
        pooled_projection_dim=pooled_width,
        caption_projection_dim=spec["num_attention_heads"] * spec["attention_head_dim"],
        in_channels=16,
        out_channels=16,
        patch_size=2,
        **spec,
    )
    return fill(network, seed, {"to_q": 2.0, "add_q": 2.0, "norm": 0.6, "proj_out": 1.5})


def autoencoder(spec, seed):
    network = AutoencoderKL(
        latent_channels=16,
        sample_size=32,
        scaling_factor=1.5305,
        shift_factor=0.0609,
        use_quant_conv=False,
        use_post_quant_conv=False,
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        **spec,
    )
    return fill(network, seed, {"decoder.conv_out": 0.4})


def build(root, name):
    spec, folder = SPECS[name], root / name
    seed = 100 * (1 + list(SPECS).index(name))
    words = vocabularies.clip(folder, spec["merges"], spec["published_tokenizers"])
    pieces = vocabularies.t5(folder, spec["pieces"])
    pooled = spec["clip_l"]["hidden_size"] + spec["clip_g"]["hidden_size"]
    text = spec["types"]["text"]
    legacy = spec["legacy_eos"]
    components = {
        "text_encoder": clip(spec["clip_l"], words, "quick_gelu", legacy, seed).to(text),
        "text_encoder_2": clip(spec["clip_g"], words, "gelu", legacy, seed + 1).to(text),
        # The published T5 has more rows than its tokenizer has pieces.
        "text_encoder_3": t5(spec["t5"], pieces + 12, seed + 2).to(text),
        "transformer": transformer(spec["transformer"], spec["t5"]["d_model"], pooled, seed + 3),
        "vae": autoencoder(spec["vae"], seed + 4).to(spec["types"]["vae"]),
    }
    components["transformer"].to(spec["types"]["transformer"])
    limits = {"max_shard_size": spec["shards"]} if "shards" in spec else {}
    for component, network in components.items():
        network.save_pretrained(folder / component, **limits)
    FlowMatchEulerDiscreteScheduler(shift=spec["shift"]).save_pretrained(folder / "scheduler")
    write_index(folder)
    if "variant" in spec:
        for component in ("text_encoder", "text_encoder_2", "text_encoder_3"):
            shards = {"max_shard_size": "40KB"} if component == "text_encoder_3" else {}
            config = folder / component / "config.json"
            plain = config.read_text()
            narrow = components[component].to(spec["variant"])
            narrow.save_pretrained(folder / component, variant="fp16", **shards)
            # Else the type named there would round the plain files when they are loaded.
            config.write_text(plain)
    if spec.get("old_vae_names"):
        rename_attention(folder / "vae" / DIFFUSERS_FILE)
    unalign(folder / spec["unaligned"])


def write_index(folder):
    clip_tower = ["transformers", "CLIPTextModelWithProjection"]
    index = {
        "_class_name": StableDiffusion3Pipeline.__name__,
        "_diffusers_version": "0.42.1",
        "scheduler": ["diffusers", "FlowMatchEulerDiscreteScheduler"],
        "text_encoder": clip_tower,
        "text_encoder_2": clip_tower,
        "text_encoder_3": ["transformers", "T5EncoderModel"],
        "tokenizer": ["transformers", "CLIPTokenizer"],
        "tokenizer_2": ["transformers", "CLIPTokenizer"],
        "tokenizer_3": ["transformers", "T5TokenizerFast"],
        "transformer": ["diffusers", "SD3Transformer2DModel"],
        "vae": ["diffusers", "AutoencoderKL"],
    }
    (folder / "model_index.json").write_text(json.dumps(index, indent=2) + "\n")


def rename_attention(path):
    """The attention of the autoencoder under the names that old releases of diffusers wrote."""
    renamed = {}
    for name, tensor in load_file(path).items():
        for new, old in OLD_ATTENTION.items():
            name = name.replace(f".attentions.0.{new}.", f".attentions.0.{old}.")
        renamed[name] = tensor
    save_file(renamed, path, metadata={"format": "pt"})


def unalign(path):
    """Rewrites a file so that its tensors start at an odd byte, as the format allows."""
    content = path.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header = content[8 : 8 + length].rstrip(b" ")
    header += b" " * (1 - len(header) % 2)
    path.write_bytes(struct.pack("<Q", len(header)) + header + content[8 + length :])
