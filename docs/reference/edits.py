"""Generations by plain loops over diffusers' classes: what has no pipeline of its own there, differential masks and schedules of guidance.
Beside them crop regions and overlays of masks by VaeImageProcessor.

    python docs/reference/edits.py sd3-runtime/src/test/resources/reference
"""

import json
import math
import pathlib
import sys

import numpy
import torch
from diffusers import FlowMatchEulerDiscreteScheduler, FlowMatchHeunDiscreteScheduler, StableDiffusion3Pipeline
from diffusers.image_processor import VaeImageProcessor
from PIL import Image
from safetensors.torch import save_file

import generations

PICTURE, MASK = "inputs/picture.png", "edits/levels.png"
BASE = {"prompt": generations.PROMPT, "guidance": 5.0, "width": 48, "height": 32, "max_sequence_length": 20, "seed": 29, "model": "tiny-3.0"}
SOFT = {"init_image": PICTURE, "mask": MASK, "soft": True}
CASES = {
    "linear": {"steps": 5, "schedule": "linear:7-2"},
    "cosine": {"steps": 6, "schedule": "cosine:0-8:2", "model": "tiny-3.5"},
    "list": {"steps": 4, "schedule": "list:1,6,3"},
    "linear-picture": {"steps": 5, "schedule": "linear:1-9", "init_image": PICTURE, "strength": 0.7},
    "soft": {"steps": 6, "strength": 1.0} | SOFT,
    "soft-less": {"steps": 7, "strength": 0.6, "model": "tiny-3.5"} | SOFT,
    "soft-heun": {"steps": 4, "strength": 1.0, "sampler": "heun"} | SOFT,
}


def write_mask(root):
    """Grey from left to right with a black band, of the picture's size."""
    y, x = numpy.mgrid[0:70, 0:90]
    levels = numpy.where((y > 50) & (x < 60), 0, 255 * x / 89)
    Image.fromarray(levels.round().astype(numpy.uint8)).save(root / MASK)


def scale(case, index):
    """The guidance of step `index`, u from 0 in the first to 1 in the last."""
    if "schedule" not in case:
        return case["guidance"]
    shape, numbers, *power = case["schedule"].split(":")
    u = index / (case["steps"] - 1)
    if shape == "list":
        values = [float(n) for n in numbers.split(",")]
        return float(numpy.interp(u * (len(values) - 1), range(len(values)), values))
    start, end = (float(n) for n in numbers.split("-"))
    if shape == "cosine":
        u = (1 - math.cos(math.pi * u ** float(power[0] if power else 1))) / 2
    return start + (end - start) * u


def levels(root, case):
    """What is kept: 1 - strength at each latent, the mask resized by the image processor's filter."""
    small = Image.open(root / case["mask"]).resize((case["width"] // 8, case["height"] // 8), Image.LANCZOS)
    return torch.from_numpy((255 - numpy.asarray(small)).astype(numpy.float32) / 255)[None, None]


@torch.no_grad()
def generate(root, case, dtype):
    pipeline = StableDiffusion3Pipeline.from_pretrained(root / case["model"], dtype=dtype)
    network, vae = pipeline.transformer, pipeline.vae
    embeds, negative, pooled, negative_pooled = pipeline.encode_prompt(
        case["prompt"], None, None, max_sequence_length=case["max_sequence_length"]
    )
    kinds = {"heun": FlowMatchHeunDiscreteScheduler}
    scheduler = kinds.get(case.get("sampler"), FlowMatchEulerDiscreteScheduler)(shift=pipeline.scheduler.config.shift)
    scheduler.set_timesteps(case["steps"])
    chance = torch.Generator().manual_seed(case["seed"])
    shape = (1, 16, case["height"] // 8, case["width"] // 8)
    # Drawn in single precision, so that the double run begins from the same numbers.
    draw = lambda: torch.randn(shape, generator=chance).to(dtype)
    first, clean = 0, None
    if "init_image" in case:
        first = int(max(case["steps"] - min(case["steps"] * case["strength"], case["steps"]), 0))
        pixels = VaeImageProcessor(vae_scale_factor=8).preprocess(Image.open(root / PICTURE), case["height"], case["width"])
        posterior = vae.encode(pixels.to(dtype)).latent_dist
        clean = (posterior.mean + posterior.std * draw() - vae.config.shift_factor) * vae.config.scaling_factor
    noise = draw()
    noised = lambda sigma: sigma * noise + (1 - sigma) * clean
    begin = first * scheduler.order
    scheduler.set_begin_index(begin)
    latents = noise if clean is None else noised(scheduler.sigmas[begin].to(dtype))
    kept = levels(root, case) if case.get("soft") else None
    trace = {}
    for call in range(begin, len(scheduler.timesteps)):
        step = call // scheduler.order
        t = scheduler.timesteps[call]
        both = network(
            hidden_states=torch.cat([latents, latents]),
            timestep=t.expand(2),
            encoder_hidden_states=torch.cat([negative, embeds]),
            pooled_projections=torch.cat([negative_pooled, pooled]),
            return_dict=False,
        )[0]
        uncond, cond = both.chunk(2)
        latents = scheduler.step(uncond + scale(case, step) * (cond - uncond), t, latents, return_dict=False)[0]
        if kept is not None and call + 1 < len(scheduler.timesteps):
            still = kept > torch.tensor((call + 1) // scheduler.order / case["steps"])
            latents = torch.where(still, noised(scheduler.sigmas[call + 1].to(dtype)), latents)
        trace[f"latents.{call - begin + 1}"] = latents
    image = vae.decode(latents / vae.config.scaling_factor + vae.config.shift_factor, return_dict=False)[0]
    return trace | {"image": (image / 2 + 0.5).clamp(0, 1)}


def run_case(root, name, case):
    case = BASE | case
    trace, exact = (generate(root, case, dtype) for dtype in (torch.float32, torch.float64))
    errors = generations.own_errors(trace, exact)
    allowed = generations.tolerances(errors, torch.float32)
    last = f"latents.{len(trace) - 1}"
    for key, other in (("schedule", "linear:5-5"), ("soft", False)):
        if key in case:
            changed = generate(root, case | {key: other}, torch.float32)
            effect = (trace[last] - changed[last]).abs().max().item()
            assert effect > generations.LEAST_EFFECT * allowed["latents"], (name, effect, allowed)
    tensors = {key: trace[key].contiguous() for key in ("latents.1", last, "image")}
    save_file(tensors, root / "edits" / f"trace-{name}.safetensors")
    head = {"arguments": case, "own_error": errors, "tolerance": allowed}
    (root / "edits" / f"trace-{name}.json").write_text(json.dumps(head, indent=1) + "\n")


MASKS = [
    # size of picture and mask, size that is drawn, padding, rectangles (left, top, right, bottom, grey)
    ((64, 48), (32, 32), 4, [(20, 10, 30, 20, 255)]),
    ((64, 48), (48, 32), 0, [(0, 0, 5, 5, 255)]),
    ((64, 48), (32, 48), 8, [(50, 40, 64, 48, 255)]),
    ((64, 48), (32, 32), 100, [(31, 23, 32, 24, 1)]),
    ((50, 70), (48, 16), 3, [(10, 10, 20, 60, 200)]),
    ((50, 70), (16, 48), 2, [(1, 30, 49, 36, 128)]),
    ((50, 70), (64, 48), 0, [(3, 3, 9, 8, 255), (30, 50, 44, 61, 90)]),
    ((37, 41), (32, 32), 5, [(0, 0, 37, 41, 255)]),
    ((37, 41), (48, 32), 1, [(36, 0, 37, 41, 64)]),
    ((90, 30), (32, 64), 0, [(40, 5, 60, 25, 255)]),
    ((90, 30), (64, 32), 7, [(0, 29, 90, 30, 255)]),
    ((33, 33), (16, 16), 0, [(16, 16, 17, 17, 255)]),
    ((80, 61), (48, 48), 6, [(20, 20, 41, 33, 255), (25, 22, 30, 50, 7)]),
]


def write_crops(root):
    """Regions, cropped pictures and masks, and overlays of a drawn picture, for masks of all kinds."""
    chance = numpy.random.default_rng(7)
    noise = lambda size: Image.fromarray(chance.integers(0, 256, (size[1], size[0], 3), dtype=numpy.uint8))
    processor = VaeImageProcessor(vae_scale_factor=8)
    rows, tensors = [], {}
    for index, (size, drawn, padding, rectangles) in enumerate(MASKS):
        grey = numpy.zeros((size[1], size[0]), numpy.uint8)
        for left, top, right, bottom, value in rectangles:
            grey[top:bottom, left:right] = value
        mask, picture, made = Image.fromarray(grey), noise(size), noise(drawn)
        region = processor.get_crop_region(mask, *drawn, pad=padding)
        rows.append({"width": drawn[0], "height": drawn[1], "padding": padding, "region": list(region)})
        fill = lambda image: processor.resize(image.crop(region), drawn[1], drawn[0], resize_mode="fill")
        pictures = {
            "mask": mask,
            "picture": picture,
            "drawn": made,
            "cropped": fill(picture),
            "cropped_mask": fill(mask).convert("L"),
            "overlay": processor.apply_overlay(mask, picture, made, region),
        }
        tensors |= {f"{index}.{name}": torch.from_numpy(numpy.array(image)) for name, image in pictures.items()}
    save_file(tensors, root / "edits" / "crops.safetensors")
    (root / "edits" / "crops.json").write_text(json.dumps(rows, indent=1) + "\n")


def run(root):
    (root / "edits").mkdir(exist_ok=True)
    write_mask(root)
    write_crops(root)
    for name, case in CASES.items():
        run_case(root, name, case)


if __name__ == "__main__":
    torch.set_num_threads(1)
    run(pathlib.Path(sys.argv[1]))
