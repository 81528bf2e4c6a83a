"""Pictures with STAN adapters by diffusers and stan-adapter/interop/stan_diffusers.py, which the program must draw too.

    python docs/reference/stan.py stan-adapter/src/test/resources/interop

The adapters have random numbers, in the types that files come in; the built-in ones are drawn on the built-in model. Where two features score
nearly the same, rounding decides which is active, and 28 steps enlarge the difference: on the built-in model float32 lies up to 1e-2 from float64
after 28 steps, so that its tolerance is wider there. The first steps are compared closely.
"""

import json
import pathlib
import shutil
import sys

import diffusers
import torch
import transformers
from safetensors.torch import save_file

ROOT = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "stan-adapter/interop"))
import train_stan  # noqa: E402
from stan_diffusers import load_stan  # noqa: E402

TINY = ROOT / "sd3-runtime/src/test/resources/reference"
NANO = ROOT / "sd3-runtime/models/sd3-nano"
BUILT_IN = ROOT / "stan-adapter/models"
LEAST_EFFECT = 100
TOLERANCE = 1e-4
LONG_TOLERANCE = 2.5e-2
ATTENTION = ["to_q", "to_k", "to_v", "to_out.0", "add_q_proj", "add_k_proj", "add_v_proj", "to_add_out"]

# Settings that differ from l = 12, k = 3, ranked by value and divided by k; the type of the file; the modules' last parts.
STANS = {
    "value": ({}, torch.float32, ATTENTION),
    "magnitude": ({"selection": "magnitude", "averaged": False}, torch.bfloat16, ATTENTION),
    "relu": ({"selection": "relu", "k": 5, "kept": {r"attn\.to_q": 2, r"transformer_blocks\.1\..*": 4}}, torch.float16, ATTENTION),
    "groups": ({"groups": 3, "k": 2, "widths": {"to_v": 18}}, torch.bfloat16, ATTENTION),
    "tied": ({"tied": True, "k": 4}, torch.float32, ["to_q", "to_out.0", "to_add_out"]),
    "everywhere": ({"width": {"features": 0, "expansion": 0.25}}, torch.float16, [*ATTENTION, "ff.net.0.proj", "ff.net.2"]),
}
PROMPT = {"prompt": "a green boat near the bridge", "guidance_scale": 4.0, "num_inference_steps": 28}
SMALL = PROMPT | {"width": 48, "height": 32, "max_sequence_length": 20}
WHOLE = PROMPT | {"prompt": "a lighthouse on a cliff, in the style of ukiyo-e", "width": 128, "height": 128}
BEGUN = WHOLE | {"num_inference_steps": 2}
# model, arguments, adapters with weights, and what is steered: layer, features, and scale, ceiling or offset.
CASES = {
    "value": ("tiny-3.0", SMALL, {"value": 1.0}, []),
    "value-dual-attention": ("tiny-3.5", SMALL, {"value": 0.6}, []),
    "magnitude": ("tiny-3.0", SMALL, {"magnitude": -0.4}, []),
    "relu": ("tiny-3.5", SMALL, {"relu": 1.0}, []),
    "groups": ("tiny-3.0", SMALL, {"groups": 0.8}, []),
    "tied": ("tiny-3.0", SMALL, {"tied": 0.2}, []),
    "everywhere": ("tiny-3.5", SMALL, {"everywhere": 0.7}, []),
    "trained": ("tiny-3.0", SMALL, {"trained": 1.0}, []),
    "two": ("tiny-3.0", SMALL, {"value": 0.5, "relu": 0.9}, []),
    "steered": (
        "tiny-3.0",
        SMALL,
        {"value": 1.0},
        [("attn.to_*", 3, "scale", 0), ("1.attn.to_v", 5, "scale", 2), ("attn.to_q", 7, "ceiling", 0.25), ("0.attn.to_k", 2, "offset", 1.5)],
    ),
    "built-in": ("sd3-nano", WHOLE, {"stan-nano": 0.8, "stan-nano-ukiyo-e": 0.7}, []),
    "built-in-2-steps": ("sd3-nano", BEGUN, {"stan-nano": 0.8, "stan-nano-ukiyo-e": 0.7}, []),
    "built-in-steered": ("sd3-nano", WHOLE, {"stan-nano": 1.0}, [("attn.to_out.0", 45, "scale", 0), ("attn.to_v", slice(0, 40), "scale", 3)]),
}


def seed_of(*words):
    return sum(ord(letter) * 31**i for i, letter in enumerate("/".join(words))) % 2**31


def settings_of(changes):
    plain = {
        "width": {"features": 12, "expansion": 0.0},
        "k": 3,
        "selection": "value",
        "averaged": True,
        "tied": False,
        "revival": {"features": 0, "weight": 1.0, "dead_after": 1},
        "widths": {},
        "kept": {},
        "groups": 1,
    }
    return plain | changes


def features_of(settings, path, inputs):
    for end, own in settings["widths"].items():
        if path.endswith(end):
            return own
    width = settings["width"]
    return width["features"] or max(1, round(width["expansion"] * inputs))


def trained(folder):
    """A STAN of train_stan.py: a few steps on made-up latents."""
    pipeline = diffusers.StableDiffusion3Pipeline.from_pretrained(TINY / "tiny-3.0", dtype=torch.float32)
    pipeline.set_progress_bar_config(disable=True)
    prompt, _, pooled, _ = pipeline.encode_prompt("a red cat", None, None, do_classifier_free_guidance=False)
    draw = torch.Generator().manual_seed(5)
    examples = [(torch.randn((1, 16, 4, 6), generator=draw), prompt.detach(), pooled.detach()) for _ in range(3)]
    settings = train_stan.settings_of(12, 3)
    layers, shapes = train_stan.train(pipeline, examples, settings, steps=6, batch=2, rate=5e-2)
    train_stan.write(folder, settings, layers, shapes, "tiny-3.0")


def write_stan(folder, name, transformer):
    changes, dtype, ends = STANS[name]
    settings = settings_of(changes)
    modules, tensors = {}, {}
    for path, module in transformer.named_modules():
        if path.startswith("transformer_blocks") and any(path.endswith("." + end) for end in ends):
            if path.endswith(f"{transformer.config.num_layers - 1}.attn.add_q_proj"):
                continue  # the last block throws its result away
            m, n = module.out_features, module.in_features
            l = features_of(settings, path, n)
            draw = torch.Generator().manual_seed(seed_of(name, path))
            modules[path] = [m, n]
            tensors[f"base_model.model.{path}.stan_E.weight"] = torch.randn(l, n, generator=draw).div(n**0.5).to(dtype)
            if not settings["tied"]:
                tensors[f"base_model.model.{path}.stan_D.weight"] = torch.randn(m, l, generator=draw).mul(0.4).to(dtype)
    folder.mkdir(parents=True)
    config = {"format_version": 1, "kind": "stan", "settings": settings, "modules": modules, "base_model_name_or_path": "tiny"}
    (folder / "adapter_config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
    save_file(tensors, folder / "adapter_model.safetensors", {"format": "pt"})


def text_of(features):
    return f"{features.start}-{features.stop - 1}" if isinstance(features, slice) else str(features)


@torch.no_grad()
def latents(model, arguments, folders, steered, dtype):
    folder, without = TINY / model, {}
    if model == "sd3-nano":
        folder, without = NANO, {"text_encoder_3": None, "tokenizer_3": None}
    pipeline = diffusers.StableDiffusion3Pipeline.from_pretrained(folder, dtype=dtype, **without)
    pipeline.set_progress_bar_config(disable=True)
    stans = [load_stan(pipeline.transformer, folder, weight) for folder, weight in folders.items()]
    for layer, feature, what, value in steered:
        for stan in stans:
            stan.steer(layer, feature, **{what: value})
    noise = torch.randn((1, 16, arguments["height"] // 8, arguments["width"] // 8), generator=torch.Generator().manual_seed(3))
    drawn = pipeline(**arguments, latents=noise.to(dtype), output_type="latent").images
    for stan in stans:
        stan.remove()
    assert not any(module._forward_hooks for module in pipeline.transformer.modules())
    return drawn


def main(out):
    if out.exists():
        shutil.rmtree(out)
    tensors, cases = {}, []
    for name, (model, arguments, adapters, steered) in CASES.items():
        folders = {}
        for adapter, weight in adapters.items():
            folder = BUILT_IN / adapter
            if adapter == "trained":
                folder = out / "adapters" / adapter
                if not folder.exists():
                    trained(folder)
            elif adapter in STANS:
                folder = out / "adapters" / f"{adapter}.{model}"
                if not folder.exists():
                    transformer = diffusers.SD3Transformer2DModel.from_pretrained(TINY / model, subfolder="transformer")
                    write_stan(folder, adapter, transformer)
            folders[folder] = weight
        drawn = latents(model, arguments, folders, steered, torch.float32)
        exact = latents(model, arguments, folders, steered, torch.float64)
        plain = latents(model, arguments, folders, [], torch.float32) if steered else latents(model, arguments, {}, [], torch.float32)
        effect = (drawn - plain).abs().max().item()
        own = (drawn.double() - exact).abs().max().item()
        tolerance = LONG_TOLERANCE if arguments == WHOLE else TOLERANCE
        print(f"{name}: own error {own:.1e}, effect {effect:.2f}")
        assert effect > LEAST_EFFECT * tolerance and own < tolerance / 2, name
        tensors[name] = drawn.contiguous()
        places = [
            {"path": str(folder.relative_to(out) if out in folder.parents else folder.name), "weight": weight}
            for folder, weight in folders.items()
        ]
        cases.append({"name": name, "model": model, "arguments": arguments, "seed": 3, "adapters": places, "steered": [[layer, text_of(features), *change] for layer, features, *change in steered], "own_error": own, "tolerance": tolerance})
    save_file(tensors, out / "latents.safetensors")
    text = json.dumps(cases, indent=1)
    (out / "cases.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    torch.set_num_threads(1)
    diffusers.logging.set_verbosity_error()
    diffusers.logging.disable_progress_bar()
    transformers.logging.disable_progress_bar()
    main(pathlib.Path(sys.argv[1]).resolve())
