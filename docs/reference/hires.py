"""Two passes by the reference's own pipelines: text to image, then image to image at a larger size; tiny models.

    python docs/reference/hires.py sd3-runtime/src/test/resources/reference
"""

import json
import pathlib
import sys

import torch
from diffusers import StableDiffusion3Img2ImgPipeline, StableDiffusion3Pipeline
from PIL import Image
from safetensors.torch import save_file

import generations

BASE = {"prompt": generations.PROMPT, "negative_prompt": "fog", "guidance": 4.0, "width": 48, "height": 32, "max_sequence_length": 20, "seed": 29,
        "steps": 6, "strength": 0.6}
CASES = {
    "latent": {"model": "tiny-3.0", "scale": 2, "by": "latent"},
    "latent-nearest": {"model": "tiny-3.5", "scale": 1.7, "by": "latent-nearest", "hires_steps": 9},
    "latent-bicubic": {"model": "tiny-3.0", "scale": 1.5, "by": "latent-bicubic", "strength": 0.8, "guidance": 1.0},
    "picture": {"model": "tiny-3.5", "scale": 2, "by": "picture", "strength": 0.5},
    # larger than the autoencoder's sample size, so that both passes decode in tiles, and the second encodes in tiles
    "tiled": {"model": "tiny-3.0", "scale": 3, "by": "picture", "vae_tiling": True, "steps": 4},
}
LATENT = {"latent": "bilinear", "latent-nearest": "nearest-exact", "latent-bicubic": "bicubic"}
MULTIPLE = 16


def larger(side, scale):
    return int(side * scale / MULTIPLE + 0.5) * MULTIPLE


def enlarged(first, latents, case, size):
    """What the second pass starts from."""
    if case["by"] in LATENT:
        side = [size[1] // first.vae_scale_factor, size[0] // first.vae_scale_factor]
        return torch.nn.functional.interpolate(latents, size=side, mode=LATENT[case["by"]])
    config = first.vae.config
    decoded = first.vae.decode(latents / config.scaling_factor + config.shift_factor, return_dict=False)[0]
    picture = first.image_processor.postprocess(decoded, output_type="pil")[0]
    return picture.resize(size, Image.Resampling.LANCZOS)


@torch.no_grad()
def generate(root, case, dtype, replayed=(), start=None):
    first = StableDiffusion3Pipeline.from_pretrained(root / case["model"], dtype=dtype)
    first.set_progress_bar_config(disable=True)
    if case.get("vae_tiling"):
        first.vae.enable_tiling()
    trace, noise = {}, []

    def keep(prefix):
        def kept(pipeline, index, timestep, state):
            trace[f"{prefix}latents.{index + 1}"] = state["latents"].clone()
            return state

        return kept

    named = {name: case[name] for name in ("prompt", "negative_prompt", "max_sequence_length")} | {"guidance_scale": case["guidance"]}
    generator = torch.Generator().manual_seed(case["seed"])
    size = larger(case["width"], case["scale"]), larger(case["height"], case["scale"])
    with generations.recorded_noise(noise, replayed):
        latents = first(**named, width=case["width"], height=case["height"], num_inference_steps=case["steps"], generator=generator,
                        output_type="latent", callback_on_step_end=keep("")).images
        if start is None or case["by"] in LATENT:
            start = enlarged(first, latents, case, size)
        second = StableDiffusion3Img2ImgPipeline(**first.components)
        second.set_progress_bar_config(disable=True)
        trace["image"] = second(**named, image=start, width=size[0], height=size[1], strength=case["strength"], generator=generator,
                                num_inference_steps=case.get("hires_steps", case["steps"]), output_type="pt",
                                callback_on_step_end=keep("hires.")).images
    return trace, noise, start


def run_case(root, name, case):
    case = BASE | case
    trace, noise, start = generate(root, case, torch.float32)
    exact, _, _ = generate(root, case, torch.float64, noise, start)
    errors = {}
    for key, tensor in trace.items():
        kind = "image" if key == "image" else "latents"
        errors[kind] = max(errors.get(kind, 0.0), (tensor.double() - exact[key].double()).abs().max().item())
    last = max((key for key in trace if key.startswith("hires.")), key=lambda key: int(key.rsplit(".", 1)[1]))
    allowed = generations.tolerances(errors, torch.float32)
    for other in ({"strength": 0.2}, {"by": "latent-bicubic" if case["by"] != "latent-bicubic" else "latent"}):
        changed, _, _ = generate(root, case | other, torch.float32)
        difference = (changed["image"] - trace["image"]).abs().max().item()
        assert difference > generations.LEAST_EFFECT * allowed["image"], (name, other, difference, allowed)
    kept = {f"latents.{case['steps']}", "hires.latents.1", last, "image"}
    folder = root / "hires"
    folder.mkdir(exist_ok=True)
    save_file({key: tensor.contiguous() for key, tensor in trace.items() if key in kept}, folder / f"{name}.safetensors")
    head = {"arguments": case, "own_error": errors, "tolerance": allowed}
    (folder / f"{name}.json").write_text(json.dumps(head, indent=1) + "\n")


def run(root):
    for name, case in CASES.items():
        run_case(root, name, case)


if __name__ == "__main__":
    torch.set_num_threads(1)
    run(pathlib.Path(sys.argv[1]))
