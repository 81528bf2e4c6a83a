"""Whole generations by the reference pipelines, with every random tensor they drew."""

import contextlib
import json
import sys
import unittest.mock

import numpy
import torch
from diffusers import (
    DPMSolverMultistepScheduler,
    FlowMatchEulerDiscreteScheduler,
    FlowMatchHeunDiscreteScheduler,
    StableDiffusion3Img2ImgPipeline,
    StableDiffusion3InpaintPipeline,
    StableDiffusion3PAGPipeline,
    StableDiffusion3Pipeline,
)
from diffusers.guiders import (
    AdaptiveProjectedGuidance,
    ClassifierFreeGuidance,
    ClassifierFreeZeroStarGuidance,
)
from diffusers.guiders.adaptive_projected_guidance import MomentumBuffer
from diffusers.guiders.classifier_free_zero_star_guidance import cfg_zero_star_scale
from diffusers.models.attention_processor import PAGCFGJointAttnProcessor2_0, PAGJointAttnProcessor2_0
from diffusers.utils.torch_utils import randn_tensor
from PIL import Image
from safetensors.torch import save_file

PROMPT = "a blue horse in the rain"
BASE = {"prompt": PROMPT, "guidance": 5.0, "width": 48, "height": 32, "max_sequence_length": 20}
LONG = "fog hides the bridge, the lamps float over the river, " * 11
FROM_PICTURE = {"init_image": "inputs/picture.png"}
MASKED = FROM_PICTURE | {"mask": "inputs/mask.png"}
SKIP = {"slg_scale": 2.8, "slg_start": 0.1, "slg_stop": 0.7}
PERTURBING = (PAGCFGJointAttnProcessor2_0(), PAGJointAttnProcessor2_0())
PERTURBED = {"pag_layers": [1], "pag_scale": 1.5}
PROJECTED = {"apg_eta": 0.25, "apg_norm": 9.0, "apg_momentum": -0.5}
# Arguments as `studio generate` names them. One seed for all, so that each must differ by its own.
CASES = {
    "tiny-3.0": {
        "t2i": {"steps": 5, "width": 64, "height": 64, "max_sequence_length": 256},
        "t2i-tall-negative": {"steps": 3, "width": 32, "height": 64, "negative_prompt": "blurry"},
        "t2i-no-guidance": {"steps": 4, "guidance": 1.0},
        "t2i-no-t5": {"steps": 4, "no_t5": True},
        "t2i-per-encoder-prompts": {
            "steps": 4,
            "prompt_2": "a storm at sea",
            "prompt_3": "three pears, a jug",
            "negative_prompt": "people",
            "negative_prompt_2": "red",
            "negative_prompt_3": "text, signs",
            "clip_skip": 1,
        },
        "t2i-long-prompt": {"prompt": LONG, "steps": 3, "max_sequence_length": 96},
        "t2i-count-3": {"steps": 3, "count": 3, "seeds": [4, 3_000_000_000, 2**52 + 1]},
        "t2i-sigmas": {"sigmas": [0.97, 0.6, 0.21, 0.03]},
        "t2i-dynamic-shift": {"steps": 4, "dynamic_shifting": True, "mu": 0.7},
        "t2i-heun": {"steps": 4, "sampler": "heun"},
        "t2i-dpmpp-2m": {"steps": 6, "sampler": "dpmpp-2m"},
        "t2i-karras": {"steps": 5, "shift": 5.0, "sigma_schedule": "karras"},
        "t2i-slg": {"steps": 6, "skip_layers": [1]} | SKIP,
        "t2i-interval": {"steps": 6, "guidance_start": 0.2, "guidance_stop": 0.7},
        "t2i-rescale": {"steps": 4, "guidance_rescale": 0.7},
        "t2i-cfg-zero": {"steps": 5, "cfg_zero": 1},
        "t2i-apg": {"steps": 5} | PROJECTED,
        "t2i-pag": {"steps": 4} | PERTURBED,
        "t2i-pag-alone": {"steps": 4, "guidance": 1.0} | PERTURBED,
        "img2img": {"steps": 5, "strength": 0.7} | FROM_PICTURE,
        "img2img-variants": {"steps": 5, "strength": 0.8, "guidance_rescale": 0.4, "cfg_zero": 0} | PROJECTED | FROM_PICTURE,
        "inpaint": {"steps": 5, "strength": 0.8} | MASKED,
        "inpaint-full-strength": {"steps": 4, "strength": 1.0} | MASKED,
        "t2i-bf16": {"steps": 4, "dtype": "bf16"},
        "t2i-fp16": {"steps": 4, "dtype": "fp16"},
        "t2i-tiled-decode": {"steps": 2, "width": 48, "height": 64, "vae_tiling": True},
    },
    "tiny-3.5": {
        "t2i": {"steps": 6, "guidance": 4.5},
        "t2i-slg": {"steps": 6, "skip_layers": [0, 1]} | SKIP,
        "t2i-count-2": {"steps": 3, "count": 2, "seeds": [10, 11]},
        "t2i-dpmpp-2m": {"steps": 5, "sampler": "dpmpp-2m"},
        "t2i-variants": {"steps": 5, "guidance_rescale": 0.5, "guidance_stop": 0.8} | PROJECTED,
        "img2img": {"steps": 6, "strength": 0.5} | FROM_PICTURE,
        "img2img-slg": {"steps": 6, "strength": 0.9, "skip_layers": [1]} | SKIP | FROM_PICTURE,
        "inpaint": {"steps": 5, "strength": 0.8} | MASKED,
        "t2i-bf16": {"steps": 4, "dtype": "bf16"},
    },
}
TYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}
LEAST_EFFECT = 100


def write_inputs(root):
    """A picture and a mask of other sizes than the cases ask for, so that they must be resized."""
    folder = root / "inputs"
    folder.mkdir()
    y, x = numpy.mgrid[0:70, 0:90] / 10
    waves = [numpy.sin(x + 0.3 * y), numpy.cos(y - x), numpy.sin(0.5 * x * y)]
    picture = numpy.stack(waves, axis=-1) * 110 + 128
    Image.fromarray(picture.astype(numpy.uint8)).save(folder / "picture.png")
    mask = (x - 5) ** 2 + (y - 3) ** 2 < 6
    Image.fromarray(numpy.where(mask, 255, 0).astype(numpy.uint8)).save(folder / "mask.png")


@contextlib.contextmanager
def recorded_noise(record, replayed):
    """Keeps what the pipeline draws, or feeds it what an earlier run drew."""

    def draw(shape, generator=None, device=None, dtype=None, layout=None):
        if replayed:
            drawn = replayed[len(record)].to(dtype)
            assert tuple(drawn.shape) == tuple(shape)
        else:
            drawn = randn_tensor(shape, generator, device, dtype, layout)
        record.append(drawn.clone())
        return drawn

    with contextlib.ExitStack() as patches:
        for module in list(sys.modules.values()):
            named_here = module is sys.modules[__name__]
            if vars(module).get("randn_tensor") is randn_tensor and not named_here:
                patches.enter_context(unittest.mock.patch.object(module, "randn_tensor", draw))
        yield


def scheduler(config, case):
    sampler = case.get("sampler", "euler")
    if sampler == "heun":
        return FlowMatchHeunDiscreteScheduler(shift=config.shift)
    if sampler == "dpmpp-2m":
        return DPMSolverMultistepScheduler(
            algorithm_type="dpmsolver++",
            solver_order=2,
            solver_type="midpoint",
            prediction_type="flow_prediction",
            use_flow_sigmas=True,
            flow_shift=config.shift,
        )
    changes = {"shift": case.get("shift", config.shift)}
    changes["use_dynamic_shifting"] = case.get("dynamic_shifting", False)
    changes["use_karras_sigmas"] = case.get("sigma_schedule") == "karras"
    return FlowMatchEulerDiscreteScheduler.from_config(config, **changes)


def load(root, model, case, dtype):
    kind = StableDiffusion3Pipeline
    if "init_image" in case:
        masked = "mask" in case
        kind = StableDiffusion3InpaintPipeline if masked else StableDiffusion3Img2ImgPipeline
    elif "pag_layers" in case:
        kind = StableDiffusion3PAGPipeline
    without = {"text_encoder_3": None, "tokenizer_3": None} if case.get("no_t5") else {}
    pipeline = kind.from_pretrained(root / model, dtype=dtype, **without)
    pipeline.set_progress_bar_config(disable=True)
    pipeline.scheduler = scheduler(pipeline.scheduler.config, case)
    if case.get("vae_tiling"):
        pipeline.vae.enable_tiling()
    if "pag_layers" in case:
        pipeline.set_pag_applied_layers([f"blocks.{layer}" for layer in case["pag_layers"]], PERTURBING)
    return pipeline


def guiders(case):
    """diffusers' guiders for the variants of a case, in the order in which they act."""
    scale, rescale = case["guidance"], case.get("guidance_rescale", 0.0)
    share = {"start": case.get("guidance_start", 0.0), "stop": case.get("guidance_stop", 1.0)}
    if "apg_eta" in case:
        # The paper's formula: the positive prediction plus (scale - 1) times the projected change.
        projected = AdaptiveProjectedGuidance(
            guidance_scale=scale - 1,
            adaptive_projected_guidance_momentum=case["apg_momentum"],
            adaptive_projected_guidance_rescale=case["apg_norm"],
            eta=case["apg_eta"],
            guidance_rescale=rescale,
            use_original_formulation=True,
            **share,
        )
        return projected, "cfg_zero" in case
    if "cfg_zero" in case:
        steps = case["cfg_zero"]
        return ClassifierFreeZeroStarGuidance(scale, steps, rescale, **share), False
    if rescale or "guidance_start" in case:
        return ClassifierFreeGuidance(scale, rescale, **share), False
    return None, False


@contextlib.contextmanager
def guided_by(pipeline, case):
    """Hands the pipeline twice what a guider makes of both predictions, so that its own formula keeps it."""
    guider, scaled = guiders(case)
    # The reference skips layers in generations from noise alone.
    skipping = "skip_layers" in case and "init_image" in case
    if guider is None and not skipping:
        yield
        return
    network = pipeline.transformer
    plain, all_steps = network.forward, case["steps"]
    left_out = int(all_steps - min(all_steps * case.get("strength", 1.0), all_steps))
    calls = []

    def forward(*arguments, **named):
        (pair,) = plain(*arguments, **named)
        uncond, cond = pair.chunk(2)
        step = left_out + len(calls)
        if skipping:
            calls.append(1)
            guided = uncond + case["guidance"] * (cond - uncond)
            if all_steps * case["slg_start"] < step < all_steps * case["slg_stop"]:
                positive = {key: value.chunk(2)[1] if torch.is_tensor(value) else value for key, value in named.items()}
                (skipped,) = plain(**positive, skip_layers=case["skip_layers"])
                guided = guided + case["slg_scale"] * (cond - skipped)
            return (torch.cat([guided, guided]),)
        guider.set_state(step, all_steps, named["timestep"][0])
        if not calls and getattr(guider, "adaptive_projected_guidance_momentum", None) is not None:
            guider.momentum_buffer = MomentumBuffer(guider.adaptive_projected_guidance_momentum)
        calls.append(1)
        if scaled:
            uncond = uncond * cfg_zero_star_scale(cond.flatten(1), uncond.flatten(1)).view(-1, 1, 1, 1)
        guided = guider.forward(cond, uncond).pred
        return (torch.cat([guided, guided]),)

    with unittest.mock.patch.object(network, "forward", forward):
        yield


def check_length(pipeline, case):
    """Only the long prompt is cut, so that a program may say when it cuts one."""
    tokenizers = [pipeline.tokenizer, pipeline.tokenizer_2]
    limits = [77, 77]
    if pipeline.tokenizer_3 is not None:
        tokenizers.append(pipeline.tokenizer_3)
        limits.append(case["max_sequence_length"])
    prompts = [case.get(key) or case["prompt"] for key in ("prompt", "prompt_2", "prompt_3")]
    prompts = zip(tokenizers, limits, prompts)
    cut = [len(tokenizer(text).input_ids) > limit for tokenizer, limit, text in prompts]
    assert all(cut) if case["prompt"] == LONG else not any(cut), (case, cut)


def text_arguments(case):
    names = ["prompt", "prompt_2", "prompt_3"]
    names += ["negative_" + name for name in names] + ["clip_skip", "max_sequence_length"]
    return {name: case[name] for name in names if name in case}


def picture_arguments(root, case):
    arguments = {"width": case["width"], "height": case["height"]}
    arguments["guidance_scale"] = case["guidance"]
    if "steps" in case:
        arguments["num_inference_steps"] = case["steps"]
    for name in ("sigmas", "mu", "strength", "pag_scale"):
        if name in case:
            arguments[name] = case[name]
    if "skip_layers" in case and "init_image" not in case:
        arguments["skip_guidance_layers"] = case["skip_layers"]
        for name in ("scale", "start", "stop"):
            arguments[f"skip_layer_guidance_{name}"] = case[f"slg_{name}"]
    if "init_image" in case:
        arguments["image"] = Image.open(root / case["init_image"])
    if "mask" in case:
        arguments["mask_image"] = Image.open(root / case["mask"])
    return arguments


@torch.no_grad()
def generate(root, model, case, dtype, replayed=()):
    """The traced tensors, the noise in the order drawn, and the pipeline that ran."""
    pipeline = load(root, model, case, dtype)
    check_length(pipeline, case)
    text = text_arguments(case)
    words = {"prompt_2": None, "prompt_3": None} | text
    guided = case["guidance"] > 1
    embeddings = pipeline.encode_prompt(**words, do_classifier_free_guidance=guided)
    names = ["prompt_embeds", "negative_prompt_embeds"]
    names += ["pooled_prompt_embeds", "negative_pooled_prompt_embeds"]
    trace = {name: tensor for name, tensor in zip(names, embeddings) if tensor is not None}
    latents, noise = [], []

    def keep(pipeline, index, timestep, state):
        latents.append(state["latents"].clone())
        return state

    seeds = case.get("seeds") or [case["seed"]]
    generators = [torch.Generator().manual_seed(seed) for seed in seeds]
    with recorded_noise(noise, replayed), guided_by(pipeline, case):
        image = pipeline(
            **text,
            **picture_arguments(root, case),
            num_images_per_prompt=case.get("count", 1),
            generator=generators if len(generators) > 1 else generators[0],
            callback_on_step_end=keep,
            output_type="pt",
        ).images
    if "mask" in case:
        # The reference forgets the shift factor here; the picture wanted is the right one.
        config = pipeline.vae.config
        encoded = latents[-1] / config.scaling_factor + config.shift_factor
        image = (pipeline.vae.decode(encoded, return_dict=False)[0] / 2 + 0.5).clamp(0, 1)
    trace |= {f"latents.{i + 1}": tensor for i, tensor in enumerate(latents)}
    trace |= {"image": image, "sigmas": pipeline.scheduler.sigmas}
    trace |= {"timesteps": pipeline.scheduler.timesteps}
    return trace, noise, pipeline


def own_errors(trace, exact):
    """How far the run is from exact arithmetic on the same noise, for each kind of tensor."""
    errors = {}
    for name, tensor in trace.items():
        kind = "prompt_embeds" if "prompt_embeds" in name else name.split(".")[0]
        if kind in ("prompt_embeds", "latents", "image"):
            error = (tensor.double() - exact[name].double()).abs().max().item()
            errors[kind] = max(error, errors.get(kind, 0.0))
    return errors


def tolerances(errors, dtype):
    if dtype != torch.float32:
        return {kind: 3 * error for kind, error in errors.items()}
    least = {"prompt_embeds": 2e-5, "latents": 1e-4, "image": 1e-4}
    return {kind: max(least[kind], 8 * error) for kind, error in errors.items()}


def run_case(root, model, name, case):
    case = BASE | {"seed": 17} | case
    if "seeds" in case:
        del case["seed"]
    dtype = TYPES[case.get("dtype", "fp32")]
    trace, noise, pipeline = generate(root, model, case, dtype)
    exact, _, _ = generate(root, model, case, torch.float64, noise)
    errors = own_errors(trace, exact)
    allowed = tolerances(errors, dtype)
    steps = sum(key.startswith("latents.") for key in trace)
    kept = {f"latents.{step}" for step in (1, steps)}
    trace = {k: v for k, v in trace.items() if not k.startswith("latents.") or k in kept}
    trace |= {f"noise.{i}": tensor for i, tensor in enumerate(noise)}
    trace = {k: v.float() if v.is_floating_point() else v for k, v in trace.items()}
    head = {
        "model": model,
        "arguments": case,
        "pipeline": type(pipeline).__name__,
        "scheduler": type(pipeline.scheduler).__name__,
        "own_error": errors,
        "tolerance": allowed,
    }
    write(root / "traces" / model, name, trace, head)
    return trace[f"latents.{steps}"], allowed["latents"]


def write(folder, name, trace, head):
    folder.mkdir(parents=True, exist_ok=True)
    rows = {key: {"shape": list(tensor.shape)} for key, tensor in trace.items()}
    text = json.dumps(head | {"tensors": rows}, indent=1)
    (folder / f"{name}.json").write_text(text + "\n")
    whole = {key: tensor.contiguous() for key, tensor in trace.items()}
    save_file(whole, folder / f"{name}.safetensors")
    pictures = (trace["image"].permute(0, 2, 3, 1).numpy() * 255).round().astype(numpy.uint8)
    for index, picture in enumerate(pictures):
        suffix = "" if len(pictures) == 1 else f"-{index}"
        Image.fromarray(picture).save(folder / f"{name}{suffix}.png")


def run(root):
    write_inputs(root)
    for model, cases in CASES.items():
        last = {}
        for name, case in cases.items():
            last[name], allowed = run_case(root, model, name, case)
            check_differs(model, name, last, allowed)


def check_differs(model, name, last, allowed):
    """No case may be passed by a program that ignores what sets it apart from another one."""
    mine = last[name]
    for other, theirs in last.items():
        if other != name and theirs.shape == mine.shape:
            effect = (mine - theirs).abs().max().item() / allowed
            least = 1 if "16" in name else LEAST_EFFECT
            assert effect > least, (model, name, other, effect)
