"""Tiny IP-Adapters for SD3, their outputs, and whole generations by the reference pipeline with pictures as prompts.

    python docs/reference/ip_adapters.py sd3-runtime/src/test/resources/reference
"""

import copy
import json
import pathlib
import sys

import torch
from diffusers import SD3Transformer2DModel, StableDiffusion3Pipeline
from diffusers.models.attention_processor import SD3IPAdapterJointAttnProcessor2_0
from diffusers.models.embeddings import IPAdapterTimeImageProjection
from PIL import Image
from safetensors.torch import load_file, save_file
from transformers import SiglipVisionConfig, SiglipVisionModel
from transformers.models.siglip import SiglipImageProcessorPil

import generations
import models
import networks

WEIGHTS = "ip-adapter.safetensors"
ENCODER = "image_encoder"
# One adapter in InstantX's names, whose encoder is stored as transformers 5 does; one in diffusers' for a model with dual
# attention, whose encoder is stored under its older names and whose last patches are cut off. The loader fixes 4 layers and heads of 64.
SPECS = {
    "plain": {
        "model": "tiny-3.0",
        "names": "InstantX",
        "encoder": {"hidden_size": 24, "intermediate_size": 40, "num_hidden_layers": 3, "num_attention_heads": 3,
                    "image_size": 24, "patch_size": 8},
        "projection": {"embed_dim": 24, "output_dim": 64, "hidden_dim": 32, "heads": 1, "num_queries": 4, "timestep_in_dim": 16},
        "dtype": torch.float16,
    },
    "dual": {
        "model": "tiny-3.5",
        "names": "diffusers",
        "encoder": {"hidden_size": 20, "intermediate_size": 36, "num_hidden_layers": 2, "num_attention_heads": 2,
                    "image_size": 20, "patch_size": 6},
        "projection": {"embed_dim": 20, "output_dim": 48, "hidden_dim": 24, "heads": 2, "num_queries": 3, "timestep_in_dim": 12},
        "dtype": torch.bfloat16,
    },
}
INSTANTX = {
    "ln0": "0.norm1",
    "ln1": "0.norm2",
    "attn.to_q": "0.to_q",
    "attn.to_kv": "0.to_kv",
    "attn.to_out.0": "0.to_out",
    "adaln_norm": "1.0",
    "ff.net.0.proj": "1.1",
    "ff.net.2": "1.3",
    "adaln_proj": "2.1",
}
PICTURE, SECOND = "inputs/picture.png", "controls/second.png"
SCALE = 0.7
BASE = {"prompt": generations.PROMPT, "guidance": 5.0, "width": 48, "height": 32, "max_sequence_length": 20, "seed": 23}
CASES = {
    "one": {"adapter": "plain", "steps": 28, "scale": 0.6, "pictures": [PICTURE]},
    "several": {"adapter": "plain", "steps": 6, "scale": 1.0, "pictures": [PICTURE, SECOND]},
    "alone": {"adapter": "plain", "steps": 4, "scale": 0.5, "guidance": 1.0, "pictures": [SECOND, PICTURE]},
    "dual": {"adapter": "dual", "steps": 28, "scale": 1.0, "pictures": [SECOND]},
    "dual-several": {"adapter": "dual", "steps": 5, "scale": 0.8, "pictures": [SECOND, PICTURE], "negative_prompt": "fog"},
}


class SeveralPictures(torch.nn.Module):
    """The pictures of each prediction in a row of tokens: the attention of the reference sees them so, but its projection takes
    several of them without guidance alone."""

    def __init__(self, projection):
        super().__init__()
        self.projection = projection

    def forward(self, embeds, timestep):
        each = embeds.shape[0] // timestep.shape[0]
        tokens, time = self.projection(embeds, timestep.repeat_interleave(each))
        return tokens.reshape(timestep.shape[0], -1, tokens.shape[-1]), time[::each]


def instantx(name):
    if not name.startswith("layers."):
        return name
    layer, rest = name.split(".", 2)[1:]
    new = next(new for new in INSTANTX if rest.startswith(new + "."))
    return f"layers.{layer}.{INSTANTX[new]}{rest[len(new):]}"


def build(root, name):
    spec, folder = SPECS[name], root / "ip-adapters" / name
    folder.mkdir(parents=True, exist_ok=True)
    seed = 500 + 10 * list(SPECS).index(name)
    encoder = SiglipVisionModel(SiglipVisionConfig(**spec["encoder"]))
    models.fill(encoder, seed, {"patch_embedding": 0.1, "q_proj": 2.0, "position": 0.5})
    encoder.to(torch.float16).save_pretrained(folder / ENCODER)
    side = spec["encoder"]["image_size"]
    SiglipImageProcessorPil(size={"height": side, "width": side}).save_pretrained(folder / ENCODER)
    if spec["names"] != "InstantX":
        stored = load_file(folder / ENCODER / "model.safetensors")
        older = {name if name.startswith("vision_model.") else f"vision_model.{name}": x for name, x in stored.items()}
        save_file(older, folder / ENCODER / "model.safetensors", {"format": "pt"})
    projection = IPAdapterTimeImageProjection(**spec["projection"])
    models.fill(projection, seed + 1, {"time_embedding": 0.2, "to_q": 1.5, "adaln_proj": 0.4, "latents": 4.0})
    tensors = {}
    for key, tensor in projection.state_dict().items():
        key = instantx(key) if spec["names"] == "InstantX" else key
        tensors["image_proj." + key] = tensor
    transformer = SD3Transformer2DModel.from_pretrained(root / spec["model"] / "transformer")
    width = transformer.config.num_attention_heads * transformer.config.attention_head_dim
    for index, _ in enumerate(transformer.attn_processors):
        processor = SD3IPAdapterJointAttnProcessor2_0(
            width, width, transformer.config.attention_head_dim, spec["projection"]["hidden_dim"]
        )
        models.fill(processor, seed + 2 + index, {"norm_ip.linear": 0.4, "to_k_ip": 1.5})
        tensors |= {f"ip_adapter.{index}.{key}": tensor for key, tensor in processor.state_dict().items()}
    save_file({key: tensor.to(spec["dtype"]).contiguous() for key, tensor in tensors.items()}, folder / WEIGHTS)


def load(root, name, dtype, several=True):
    spec, folder = SPECS[name], root / "ip-adapters" / name
    encoder = SiglipVisionModel.from_pretrained(folder / ENCODER, dtype=dtype).eval()
    processor = SiglipImageProcessorPil.from_pretrained(folder / ENCODER)
    pipeline = StableDiffusion3Pipeline.from_pretrained(
        root / spec["model"], dtype=dtype, image_encoder=encoder, feature_extractor=processor
    )
    pipeline.load_ip_adapter(str(folder), weight_name=WEIGHTS)
    pipeline.set_ip_adapter_scale(SCALE)
    pipeline.set_progress_bar_config(disable=True)
    if several:
        pipeline.transformer.image_proj = SeveralPictures(pipeline.transformer.image_proj)
    return pipeline


def network_inputs(root, pipeline, spec):
    """Two pictures' pixels, and calls of the transformer with their embeddings."""
    chance = torch.Generator().manual_seed(61)
    pictures = [Image.open(root / PICTURE), Image.open(root / SECOND)]
    pixels = pipeline.feature_extractor(pictures, return_tensors="pt").pixel_values
    inputs = {"pixels": pixels}
    calls = networks.transformer_inputs(pipeline.transformer.config, chance, ("square", "tall"))
    inputs |= calls
    tokens = (spec["encoder"]["image_size"] // spec["encoder"]["patch_size"]) ** 2
    for call, rows in (("square", 2), ("tall", 2)):
        inputs[f"{call}.embeds"] = torch.randn(rows, tokens, spec["encoder"]["hidden_size"], generator=chance)
    return inputs


def run_networks(pipeline, inputs):
    dtype = pipeline.transformer.dtype
    outputs = {"hidden_states": pipeline.encode_image(inputs["pixels"], "cpu")}
    for call in ("square", "tall"):
        given = {name.split(".")[1]: x.to(dtype) for name, x in inputs.items() if name.startswith(call)}
        embeds = given.pop("embeds")
        tokens, time = pipeline.transformer.image_proj(embeds, given["timestep"])
        outputs |= {f"{call}.tokens": tokens, f"{call}.time": time}
        extra = {"ip_adapter_image_embeds": embeds}
        outputs[f"{call}.sample"] = pipeline.transformer(**given, joint_attention_kwargs=extra, return_dict=False)[0]
    return outputs


@torch.no_grad()
def write_networks(root, name):
    spec = SPECS[name]
    pipeline = load(root, name, torch.float32)
    inputs = network_inputs(root, pipeline, spec)
    outputs = run_networks(pipeline, inputs)
    exact = run_networks(load(root, name, torch.float64), inputs)
    errors = {key: (tensor.double() - exact[key]).abs().max().item() for key, tensor in outputs.items()}
    allowed = {key: networks.tolerance(error) for key, error in errors.items()}
    last = f"encoder.layers.{spec['encoder']['num_hidden_layers'] - 1}."
    idle = (last, "post_layernorm", "head.", "k_proj.bias")
    adapter = {key: x for key, x in pipeline.transformer.state_dict().items() if "processor" in key or "image_proj" in key}
    chance = torch.Generator().manual_seed(5)
    for key, tensor in (adapter | pipeline.image_encoder.state_dict()).items():
        if any(part in key for part in idle):
            continue
        kept = tensor.clone()
        tensor.add_(0.2 * kept.abs().max() * torch.randn(tensor.shape, generator=chance))
        changed = run_networks(pipeline, inputs)
        tensor.copy_(kept)
        effect = max(((changed[out] - outputs[out]).abs().max().item() / allowed[out]) for out in outputs)
        assert effect > networks.LEAST_EFFECT, (name, key, effect)
    tensors = {key: x.contiguous() for key, x in (inputs | outputs).items()}
    save_file(tensors, root / "ip-adapters" / f"{name}.safetensors")
    head = {"model": spec["model"], "scale": SCALE, "own_error": errors, "tolerance": allowed}
    (root / "ip-adapters" / f"{name}.json").write_text(json.dumps(head, indent=1) + "\n")


@torch.no_grad()
def generate(root, case, dtype, several=True):
    pipeline = load(root, case["adapter"], dtype, several)
    pipeline.set_ip_adapter_scale(case["scale"])
    latents = []

    def keep(pipeline, index, timestep, state):
        latents.append(state["latents"].clone())
        return state

    start = torch.randn(
        (1, 16, case["height"] // 8, case["width"] // 8), generator=torch.Generator().manual_seed(case["seed"])
    )
    image = pipeline(
        prompt=case["prompt"],
        negative_prompt=case.get("negative_prompt", ""),
        max_sequence_length=case["max_sequence_length"],
        width=case["width"],
        height=case["height"],
        guidance_scale=case["guidance"],
        num_inference_steps=case["steps"],
        latents=start.to(dtype),
        ip_adapter_image=[Image.open(root / one) for one in case["pictures"]],
        callback_on_step_end=keep,
        output_type="pt",
    ).images
    return {f"latents.{i + 1}": tensor for i, tensor in enumerate(latents)} | {"image": image}


def run_case(root, name, case):
    case = BASE | case
    trace = generate(root, case, torch.float32)
    exact = generate(root, case, torch.float64)
    errors = generations.own_errors(trace, exact)
    allowed = generations.tolerances(errors, torch.float32)
    steps = case["steps"]
    if case["guidance"] <= 1:
        own = generate(root, case, torch.float32, several=False)
        assert (own["image"] - trace["image"]).abs().max().item() <= allowed["image"], "the reference sees several pictures otherwise"
    for other in ({"scale": 0.0}, {"pictures": case["pictures"][:1]} if len(case["pictures"]) > 1 else {"scale": 0.9 * case["scale"]}):
        changed = generate(root, case | other, torch.float32)
        effect = (trace[f"latents.{steps}"] - changed[f"latents.{steps}"]).abs().max().item()
        assert effect > generations.LEAST_EFFECT * allowed["latents"], (name, other, effect, allowed)
    kept = {f"latents.{step}" for step in (1, steps)} | {"image"}
    tensors = {key: tensor.contiguous() for key, tensor in trace.items() if key in kept}
    save_file(tensors, root / "ip-adapters" / f"trace-{name}.safetensors")
    case["model"] = SPECS[case["adapter"]]["model"]
    head = {"arguments": case, "own_error": errors, "tolerance": allowed}
    (root / "ip-adapters" / f"trace-{name}.json").write_text(json.dumps(head, indent=1) + "\n")


def run(root):
    for name in SPECS:
        build(root, name)
        write_networks(root, name)
    for name, case in CASES.items():
        run_case(root, name, case)


if __name__ == "__main__":
    torch.set_num_threads(1)
    run(pathlib.Path(sys.argv[1]))
