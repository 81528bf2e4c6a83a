"""Outputs of single networks in float32, with their distance from the same call in float64."""

import copy
import json

import torch
from diffusers import AutoencoderKL, SD3Transformer2DModel
from diffusers.loaders import single_file_utils
from safetensors.torch import save_file
from transformers import CLIPTextModelWithProjection, CLIPTokenizer, T5EncoderModel, T5TokenizerFast

import originals

PROMPTS = [
    "three pears and a blue jug, oil on canvas",
    "",
    "paper lanterns above a narrow street, rain on the stones, " * 9,
]
# Latents [B, 16, H, W] and text tokens of each call of the transformer.
CALLS = {"square": (2, 8, 8, 9), "tall": (1, 14, 6, 5), "one": (1, 2, 2, 1)}
TIMESTEPS = [812.25, 40.5]
LEAST_EFFECT = 20


def tolerance(own_error):
    """How far another float32 program may be."""
    return max(2e-5, 8 * own_error)


def clip_inputs(folder, which):
    tokenizer = CLIPTokenizer.from_pretrained(folder / f"tokenizer{which}")
    return tokenizer(PROMPTS, padding="max_length", truncation=True, return_tensors="pt").input_ids


def t5_inputs(folder):
    tokenizer = T5TokenizerFast.from_pretrained(folder / "tokenizer_3")
    options = {"padding": "max_length", "max_length": 40, "truncation": True}
    return tokenizer(PROMPTS, return_tensors="pt", **options).input_ids


def run_clip(network, ids):
    result = network(ids, output_hidden_states=True)
    return {"hidden_states.-2": result.hidden_states[-2], "text_embeds": result.text_embeds}


def run_t5(network, ids):
    return {"last_hidden_state": network(ids).last_hidden_state}


def transformer_inputs(config, chance, calls=tuple(CALLS)):
    inputs = {}
    for call in calls:
        batch, height, width, tokens = CALLS[call]
        draw = lambda *shape: torch.randn(batch, *shape, generator=chance)
        inputs[f"{call}.hidden_states"] = draw(16, height, width)
        inputs[f"{call}.encoder_hidden_states"] = draw(tokens, config.joint_attention_dim)
        inputs[f"{call}.pooled_projections"] = draw(config.pooled_projection_dim)
        inputs[f"{call}.timestep"] = torch.tensor(TIMESTEPS[:batch])
    return inputs


def run_transformer(network, inputs):
    outputs = {}
    for call in dict.fromkeys(name.split(".")[0] for name in inputs):
        given = {name.split(".")[1]: x for name, x in inputs.items() if name.startswith(call)}
        given = {name: tensor.to(network.dtype) for name, tensor in given.items()}
        outputs[f"{call}.sample"] = network(**given, return_dict=False)[0]
        if call == "square":
            skipped = network(**given, skip_layers=[1], return_dict=False)[0]
            outputs[f"{call}.sample.skip_layers_1"] = skipped
    return outputs


def vae_inputs(chance):
    picture = torch.rand(1, 3, 32, 48, generator=chance) * 2 - 1
    return {"encode.image": picture, "decode.latents": torch.randn(2, 16, 4, 3, generator=chance)}


def run_vae(network, inputs):
    given = {name: tensor.to(network.dtype) for name, tensor in inputs.items()}
    moments = network.encode(given["encode.image"]).latent_dist.parameters
    picture = network.decode(given["decode.latents"], return_dict=False)[0]
    return {"encode.moments": moments, "decode.sample": picture}


class Record:
    """Inputs and outputs of one checkpoint's networks."""

    def __init__(self, name, checkpoint):
        self.name = name
        self.tensors = {}
        self.rows = {"_checkpoint": checkpoint} if checkpoint else {}

    @torch.no_grad()
    def add(self, part, network, inputs, run):
        network = network.eval().float()
        wide = copy.deepcopy(network).double()
        exact = run(wide, inputs)
        outputs = run(network, inputs)
        if isinstance(inputs, torch.Tensor):
            inputs = {"input_ids": inputs}
        for name, tensor in inputs.items():
            self.put(f"{part}.{name}", tensor, 0.0)
        tolerances = {}
        for name, tensor in outputs.items():
            error = (tensor.double() - exact[name]).abs().max().item()
            tolerances[name] = tolerance(error)
            self.put(f"{part}.{name}", tensor, error)
        return tolerances

    def put(self, name, tensor, own_error):
        self.tensors[name] = tensor.contiguous()
        size = tensor.abs().max().item()
        row = {"shape": list(tensor.shape), "absmax": size, "fp32_vs_fp64": own_error}
        self.rows[name] = row

    def write(self, root):
        folder = root / "networks"
        folder.mkdir(exist_ok=True)
        save_file(self.tensors, folder / f"{self.name}.safetensors")
        lines = [f"{json.dumps(name)}: {json.dumps(row)}" for name, row in self.rows.items()]
        (folder / f"{self.name}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


def without_effect(kind, network):
    """Softmax does not see a bias that all keys share; the last text queries go unused."""
    if kind == "transformer":
        last = f"transformer_blocks.{network.config.num_layers - 1}.attn."
        return [last + "add_q_proj", last + "norm_added_q"]
    return ["k_proj.bias"] if kind == "text" else ["attentions.0.to_k.bias"]


@torch.no_grad()
def check_every_tensor_counts(kind, network, inputs, run, tolerances):
    """A tenth off in any one tensor must show, else a test on these outputs could not see it."""
    chance = torch.Generator().manual_seed(3)
    outputs = run(network, inputs)
    idle = without_effect(kind, network)
    for name, tensor in network.state_dict().items():
        if any(part in name for part in idle) or not tensor.is_floating_point():
            continue
        kept = tensor.clone()
        tensor += 0.1 * kept.abs().max() * torch.randn(tensor.shape, generator=chance)
        changed = run(network, inputs)
        tensor.copy_(kept)
        effects = {
            key: (changed[key] - outputs[key]).abs().max().item() / tolerances[key]
            for key in outputs
        }
        assert max(effects.values()) > LEAST_EFFECT, (kind, name, effects)


def folder_form(root, model, variant):
    """The folder as it is, or the text encoders of its fp16 variant."""
    folder = root / model
    name = f"{model}.{variant}" if variant else model
    record = Record(name, {"variant": variant} if variant else None)
    chance = torch.Generator().manual_seed(7)
    parts = []
    for which, kind in (
        ("", CLIPTextModelWithProjection),
        ("_2", CLIPTextModelWithProjection),
        ("_3", T5EncoderModel),
    ):
        part = f"text_encoder{which}"
        network = kind.from_pretrained(folder / part, variant=variant, dtype=torch.float32)
        ids = t5_inputs(folder) if which == "_3" else clip_inputs(folder, which)
        parts.append(("text", part, network, ids, run_t5 if which == "_3" else run_clip))
    if variant is None:
        network = SD3Transformer2DModel.from_pretrained(folder / "transformer")
        inputs = transformer_inputs(network.config, chance)
        parts.append(("transformer", "transformer", network, inputs, run_transformer))
        network = AutoencoderKL.from_pretrained(folder / "vae")
        parts.append(("vae", "vae", network, vae_inputs(chance), run_vae))
    for kind, part, network, inputs, run in parts:
        tolerances = record.add(part, network, inputs, run)
        check_every_tensor_counts(kind, network, inputs, run, tolerances)
    record.write(root)


def single_file_form(root, model, form):
    """The networks of a single file, with diffusers' converters and the folder's configurations."""
    folder, path = root / model, originals.path_of(root, model, form)
    record = Record(f"{model}.{form}", {"file": f"single-file/{path.name}"})
    chance = torch.Generator().manual_seed(8)
    network = SD3Transformer2DModel.from_pretrained(folder / "transformer").float()
    stored = originals.load(path, originals.MMDIT)
    network.load_state_dict(
        single_file_utils.convert_sd3_transformer_checkpoint_to_diffusers(stored)
    )
    inputs = transformer_inputs(network.config, chance, ["square"])
    record.add("transformer", network, inputs, run_transformer)
    network = T5EncoderModel.from_pretrained(folder / "text_encoder_3", dtype=torch.float32)
    stored = originals.load(path, originals.ENCODERS["text_encoder_3"])
    network.load_state_dict(stored, strict=False)
    record.add("text_encoder_3", network, t5_inputs(folder), run_t5)
    for which in ("", "_2"):
        stored = originals.load(path, originals.ENCODERS[f"text_encoder{which}"])
        if stored:
            part = folder / f"text_encoder{which}"
            network = CLIPTextModelWithProjection.from_pretrained(part, dtype=torch.float32)
            projection = torch.eye(network.config.hidden_size)
            network.load_state_dict({"text_projection.weight": projection} | stored)
            record.add(f"text_encoder{which}", network, clip_inputs(folder, which), run_clip)
    stored = originals.load(path, originals.VAE)
    if stored:
        network = AutoencoderKL.from_pretrained(folder / "vae").float()
        stored = {originals.VAE + name: tensor for name, tensor in stored.items()}
        converted = single_file_utils.convert_ldm_vae_checkpoint(stored, dict(network.config))
        network.load_state_dict(converted)
        record.add("vae", network, vae_inputs(chance), run_vae)
    record.write(root)
