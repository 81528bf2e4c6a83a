"""Tiny ControlNets, their outputs, and whole generations by the reference pipelines with a control picture.

    python docs/reference/controls.py sd3-runtime/src/test/resources/reference
"""

import copy
import inspect
import json
import pathlib
import sys

import numpy
import torch
from diffusers import (
    SD3ControlNetModel,
    SD3Transformer2DModel,
    StableDiffusion3ControlNetInpaintingPipeline,
    StableDiffusion3ControlNetPipeline,
)
from diffusers.image_processor import VaeImageProcessor
from diffusers.models import SD3MultiControlNetModel
from PIL import Image
from safetensors.torch import load_file, save_file

import generations
import models
import networks

DIFFUSERS_FILE = "diffusion_pytorch_model.safetensors"
# InstantX's layout with every option once, a mask channel for inpainting, and Stability's 3.5-large layout.
SPECS = {
    "joint": {"model": "tiny-3.0", "num_layers": 2, "pos_embed_max_size": 14, "dtype": torch.float16},
    "short": {"model": "tiny-3.0", "num_layers": 1, "pos_embed_type": None, "dtype": torch.float32},
    "masked": {
        "model": "tiny-3.5",
        "num_layers": 3,
        "extra_conditioning_channels": 1,
        "attention_head_dim": 8,
        "qk_norm": "rms_norm",
        "dual_attention_layers": (1,),
        "dtype": torch.bfloat16,
    },
    "alone": {
        "model": "tiny-3.5",
        "num_layers": 2,
        "joint_attention_dim": None,
        "pos_embed_max_size": None,
        "pos_embed_type": None,
        "use_pos_embed": False,
        "force_zeros_for_pooled_projection": False,
        "qk_norm": None,
        "dual_attention_layers": (),
        "dtype": torch.float16,
    },
}
ORIGINAL = "alone-original.safetensors"
CANNY_TYPE = 1
PICTURE, SECOND = "inputs/picture.png", "controls/second.png"
BASE = {"prompt": generations.PROMPT, "guidance": 5.0, "width": 48, "height": 32, "max_sequence_length": 20, "seed": 17}
FIRST = {"control": "joint", "picture": PICTURE, "scale": 0.8}
CASES = {
    "one": {"model": "tiny-3.0", "steps": 4, "controls": [FIRST]},
    "range": {"model": "tiny-3.0", "steps": 5, "controls": [FIRST | {"start": 0.2, "end": 0.8}]},
    "no-guidance": {"model": "tiny-3.0", "steps": 3, "guidance": 1.0, "controls": [FIRST]},
    "two": {
        "model": "tiny-3.0",
        "steps": 5,
        "controls": [
            FIRST | {"scale": 0.5, "end": 0.6},
            {"control": "joint", "picture": SECOND, "scale": 1.1, "start": 0.4},
        ],
    },
    "no-positions": {
        "model": "tiny-3.0",
        "steps": 3,
        "controls": [{"control": "short", "picture": SECOND, "scale": 1.0}],
    },
    "inpaint": {
        "model": "tiny-3.5",
        "steps": 4,
        "controls": [{"control": "masked", "picture": PICTURE, "mask": "inputs/mask.png", "scale": 0.95}],
    },
    "alone": {"model": "tiny-3.5", "steps": 4, "controls": [{"control": "alone", "picture": PICTURE, "scale": 0.9}]},
    "alone-edges": {
        "model": "tiny-3.5",
        "steps": 3,
        "controls": [{"control": "alone", "picture": SECOND, "scale": 0.9, "edges": True}],
    },
}


class EdgeProcessor(VaeImageProcessor):
    """The range of values that Stability's canny network was trained with (its sd3_infer.py, control_type 1)."""

    def __init__(self):
        super().__init__(do_normalize=False)

    def preprocess(self, image, **kwargs):
        return super().preprocess(image, **kwargs) * 255 * 0.5 + 0.5

    def postprocess(self, image, **kwargs):
        return super().postprocess(image, **kwargs | {"do_denormalize": [True] * image.shape[0]})


def build(root, name):
    spec = dict(SPECS[name])
    dtype, model = spec.pop("dtype"), spec.pop("model")
    config = SD3Transformer2DModel.load_config(root / model / "transformer")
    fields = {key: value for key, value in config.items() if not key.startswith("_")}
    known = inspect.signature(SD3ControlNetModel.__init__).parameters
    fields = {key: value for key, value in fields.items() if key in known}
    network = SD3ControlNetModel(**fields | spec)
    models.fill(network, 300 + list(SPECS).index(name), {"controlnet_blocks": 1.5, "pos_embed_input": 2.0})
    network.to(dtype).save_pretrained(root / "controls" / name)


def write_original(root):
    """The keys of Stability's single files (diffusers scripts/convert_sd3_controlnet_to_diffusers.py)."""
    tensors = load_file(root / "controls" / "alone" / DIFFUSERS_FILE)
    names = {
        "attn.to_out.0": "attn.proj",
        "ff.net.0.proj": "mlp.fc1",
        "ff.net.2": "mlp.fc2",
        "norm1.linear": "adaLN_modulation.1",
    }
    written = {"control_type": torch.tensor(float(CANNY_TYPE)).view(1)}
    for key, tensor in tensors.items():
        if ".attn.to_q." in key:
            parts = [tensors[key.replace("to_q", f"to_{letter}")] for letter in "qkv"]
            written[key.replace("to_q", "qkv")] = torch.cat(parts, 0)
        elif ".attn.to_k." not in key and ".attn.to_v." not in key:
            for new, old in names.items():
                key = key.replace(f".{new}.", f".{old}.") if key.startswith("transformer_blocks") else key
            written[key] = tensor
    save_file(written, root / "controls" / ORIGINAL)


def second_picture(root):
    """Lines, white on black, of the size that the cases draw."""
    y, x = numpy.mgrid[0:32, 0:48]
    lines = ((x + y) % 11 == 0) | ((x - 20) ** 2 + (y - 15) ** 2 // 2 < 60)
    Image.fromarray(numpy.where(lines, 255, 0).astype(numpy.uint8)).convert("RGB").save(root / SECOND)


def network_inputs(config, chance):
    inputs = {}
    for call in ("square", "tall"):
        batch, height, width, tokens = networks.CALLS[call]
        draw = lambda *shape: torch.randn(batch, *shape, generator=chance)
        inputs[f"{call}.hidden_states"] = draw(16, height, width)
        inputs[f"{call}.controlnet_cond"] = draw(16 + config.extra_conditioning_channels, height, width)
        inputs[f"{call}.pooled_projections"] = draw(config.pooled_projection_dim)
        inputs[f"{call}.timestep"] = torch.tensor(networks.TIMESTEPS[:batch])
        if config.joint_attention_dim is not None:
            inputs[f"{call}.encoder_hidden_states"] = draw(tokens, config.joint_attention_dim)
    return inputs


def run_network(network, inputs):
    outputs = {}
    dtype = next(network.parameters()).dtype
    for call in ("square", "tall"):
        given = {name.split(".")[1]: x.to(dtype) for name, x in inputs.items() if name.startswith(call)}
        samples = network(**given, conditioning_scale=0.75, return_dict=False)[0]
        for index, sample in enumerate(samples):
            outputs[f"{call}.block.{index}"] = sample
    return outputs


def load_network(root, name, dtype):
    network = SD3ControlNetModel.from_pretrained(root / "controls" / name, torch_dtype=torch.float32).eval()
    if network.config.use_pos_embed is False:
        transformer = SD3Transformer2DModel.from_pretrained(
            root / SPECS[name]["model"] / "transformer", torch_dtype=torch.float32
        )
        network.pos_embed = network._get_pos_embed_from_transformer(transformer)
    return network.to(dtype)


@torch.no_grad()
def write_network(root, name):
    network = load_network(root, name, torch.float32)
    inputs = network_inputs(network.config, torch.Generator().manual_seed(91))
    outputs = run_network(network, inputs)
    exact = run_network(copy.deepcopy(network).double(), inputs)
    own = max((outputs[key].double() - exact[key]).abs().max().item() for key in outputs)
    allowed = networks.tolerance(own)
    idle = [f"transformer_blocks.{network.config.num_layers - 1}.{part}" for part in
            ("attn.to_add_out", "ff_context", "attn.add_q_proj", "attn.norm_added_q", "norm1_context.linear")]
    chance = torch.Generator().manual_seed(5)
    for key, tensor in network.state_dict().items():
        if any(key.startswith(part) for part in idle) or "to_k.bias" in key or "add_k_proj.bias" in key:
            continue
        kept = tensor.clone()
        tensor.mul_(1 + 0.1 * (2 * torch.rand(tensor.shape, generator=chance) - 1))
        changed = run_network(network, inputs)
        effect = max((changed[out] - outputs[out]).abs().max().item() for out in outputs)
        assert effect > networks.LEAST_EFFECT * allowed, (name, key, effect, allowed)
        tensor.copy_(kept)
    save_file({k: v.contiguous() for k, v in (inputs | outputs).items()}, root / "controls" / f"{name}.safetensors")
    rows = {"model": SPECS[name]["model"], "scale": 0.75, "own_error": own, "tolerance": allowed}
    rows["size"] = max(tensor.abs().max().item() for tensor in outputs.values())
    (root / "controls" / f"{name}.json").write_text(json.dumps(rows, indent=1) + "\n")


def pipeline_of(root, case, dtype):
    kept = [load_network(root, one["control"], torch.float32) for one in case["controls"]]
    for network in kept:
        network.to(dtype)
    masked = "mask" in case["controls"][0]
    kind = StableDiffusion3ControlNetInpaintingPipeline if masked else StableDiffusion3ControlNetPipeline
    networks_ = kept[0] if len(kept) == 1 else SD3MultiControlNetModel(kept)
    pipeline = kind.from_pretrained(root / case["model"], controlnet=networks_, torch_dtype=dtype)
    pipeline.set_progress_bar_config(disable=True)
    if case["controls"][0].get("edges"):
        pipeline.image_processor = EdgeProcessor()
    return pipeline


def listed(values):
    return values[0] if len(values) == 1 else values


@torch.no_grad()
def generate(root, case, dtype, replayed=()):
    pipeline = pipeline_of(root, case, dtype)
    controls = case["controls"]
    arguments = {
        "control_image": listed([Image.open(root / one["picture"]) for one in controls]),
        "controlnet_conditioning_scale": listed([one["scale"] for one in controls]),
        "control_guidance_start": [one.get("start", 0.0) for one in controls],
        "control_guidance_end": [one.get("end", 1.0) for one in controls],
    }
    if "mask" in controls[0]:
        arguments["control_mask"] = Image.open(root / controls[0]["mask"])
    latents, noise = [], []

    def keep(pipeline, index, timestep, state):
        latents.append(state["latents"].clone())
        return state

    # The noise of the control pictures comes from the global generator.
    torch.manual_seed(case["seed"])
    with generations.recorded_noise(noise, replayed):
        image = pipeline(
            prompt=case["prompt"],
            max_sequence_length=case["max_sequence_length"],
            width=case["width"],
            height=case["height"],
            guidance_scale=case["guidance"],
            num_inference_steps=case["steps"],
            generator=torch.Generator().manual_seed(case["seed"]),
            callback_on_step_end=keep,
            output_type="pt",
            **arguments,
        ).images
    if "mask" in controls[0]:
        # The reference forgets the shift factor here; the picture wanted is the right one.
        config = pipeline.vae.config
        encoded = latents[-1] / config.scaling_factor + config.shift_factor
        image = (pipeline.vae.decode(encoded, return_dict=False)[0] / 2 + 0.5).clamp(0, 1)
    trace = {f"latents.{i + 1}": tensor for i, tensor in enumerate(latents)}
    return trace | {"image": image}, noise


def run_case(root, name, case):
    case = BASE | case
    trace, noise = generate(root, case, torch.float32)
    exact, _ = generate(root, case, torch.float64, noise)
    errors = generations.own_errors(trace, exact)
    allowed = generations.tolerances(errors, torch.float32)
    steps = case["steps"]
    uncontrolled = copy.deepcopy(case)
    for one in uncontrolled["controls"]:
        one["scale"] = 0.0
    plain, _ = generate(root, uncontrolled, torch.float32)
    effect = (trace[f"latents.{steps}"] - plain[f"latents.{steps}"]).abs().max().item()
    assert effect > 100 * allowed["latents"], (name, effect, allowed)
    kept = {f"latents.{step}" for step in (1, steps)} | {"image"}
    tensors = {key: tensor.contiguous() for key, tensor in trace.items() if key in kept}
    save_file(tensors, root / "controls" / f"trace-{name}.safetensors")
    head = {"arguments": case, "own_error": errors, "tolerance": allowed, "effect": effect}
    (root / "controls" / f"trace-{name}.json").write_text(json.dumps(head, indent=1) + "\n")
    return trace[f"latents.{steps}"], allowed["latents"]


def run(root):
    (root / "controls").mkdir(exist_ok=True)
    second_picture(root)
    for name in SPECS:
        build(root, name)
        write_network(root, name)
    write_original(root)
    last = {}
    for name, case in CASES.items():
        last[name], allowed = run_case(root, name, case)
        generations.check_differs(case["model"], name, last, allowed)


if __name__ == "__main__":
    torch.set_num_threads(1)
    run(pathlib.Path(sys.argv[1]))
