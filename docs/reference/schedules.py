"""Reference numbers for the sigma tables and samplers of dev.stanstudio.sd3.schedule.

Needs Python 3.11 with
    torch==2.15.0 diffusers==0.42.1 transformers==5.23.0 numpy==2.4.6 scipy==1.17.1
and is run from the root of the repository:
    python docs/reference/schedules.py sd3-runtime/src/test/resources/dev/stanstudio/sd3/schedule/reference.json

Tables are what set_timesteps() leaves behind. Chains feed step() with random velocities from a
random latent: every call's output is kept, so that history and begin index count.

What diffusers lacks is restated here from ComfyUI's formulas (comfy/samplers.py,
comfy/model_sampling.py and comfy/k_diffusion/sampling.py of 2026): its spacings of a flow model,
euler-ancestral, res-multistep and er-sde.
"""

import json
import math
import sys
import unittest.mock

import numpy
import torch
from diffusers import (
    DPMSolverMultistepScheduler,
    FlowMatchEulerDiscreteScheduler,
    FlowMatchHeunDiscreteScheduler,
    FlowMatchLCMScheduler,
    UniPCMultistepScheduler,
)
from diffusers.schedulers import scheduling_flow_match_lcm
from diffusers.pipelines.stable_diffusion_3.pipeline_stable_diffusion_3 import calculate_shift

WIDTH = 6
GIVEN = [[1.0, 0.9, 0.37, 0.1], [0.7], [0.95, 0.6000001, 0.6, 1e-4]]
DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16}


def scheduler(sampler, config):
    if sampler == "euler":
        return FlowMatchEulerDiscreteScheduler(**config)
    if sampler == "lcm":
        return FlowMatchLCMScheduler(**config)
    shift = config.get("shift", 1.0)
    if sampler == "heun":
        return FlowMatchHeunDiscreteScheduler(shift=shift)
    flow = {
        "prediction_type": "flow_prediction",
        "use_flow_sigmas": True,
        "flow_shift": shift,
        "use_dynamic_shifting": config.get("use_dynamic_shifting", False),
    }
    if sampler == "unipc":
        return UniPCMultistepScheduler(solver_order=2, solver_type="bh2", **flow)
    return DPMSolverMultistepScheduler(
        **flow,
        algorithm_type="sde-dpmsolver++" if sampler == "dpmpp-2m-sde" else "dpmsolver++",
        solver_order=2,
        solver_type="midpoint",
        lower_order_final=True,
    )


def prepare(case):
    made = scheduler(case["sampler"], case["config"])
    options = {"mu": case["mu"]} if "mu" in case else {}
    if "given" in case:
        made.set_timesteps(sigmas=case["given"], **options)
    else:
        made.set_timesteps(case["steps"], **options)
    return made


def table(**case):
    made = prepare(case)
    return case | {"sigmas": made.sigmas.tolist(), "timesteps": made.timesteps.tolist()}


def tables():
    for shift in (0.4, 1.0, 2.37, 3.0, 6.5):
        for steps in (1, 2, 3, 7, 15, 33):
            yield table(sampler="euler", config={"shift": shift}, steps=steps)
            yield table(sampler="heun", config={"shift": shift}, steps=steps)
            yield table(sampler="dpmpp-2m", config={"shift": shift}, steps=steps)
    for flag in ("use_karras_sigmas", "use_exponential_sigmas", "use_beta_sigmas"):
        for steps in (1, 2, 9, 40):
            yield table(sampler="euler", config={"shift": 3.0, flag: True}, steps=steps)
        for given in GIVEN:
            yield table(sampler="euler", config={"shift": 3.0, flag: True}, given=given)
    for kind in ("exponential", "linear"):
        config = {"use_dynamic_shifting": True, "time_shift_type": kind}
        for mu in (0.31, 1.0, 2.2):
            yield table(sampler="euler", config=config, steps=11, mu=mu)
            for given in GIVEN:
                yield table(sampler="euler", config=config, given=given, mu=mu)
    for mu in (0.31, 1.0, 2.2):
        yield table(sampler="dpmpp-2m", config={"use_dynamic_shifting": True}, steps=11, mu=mu)
    for given in GIVEN:
        yield table(sampler="euler", config={"shift": 3.0}, given=given)
        yield table(sampler="euler", config={"shift": 1.7, "shift_terminal": 0.05}, given=given)
        yield table(sampler="euler", config={"shift": 1.7, "invert_sigmas": True}, given=given)
    mixed = {
        "use_dynamic_shifting": True,
        "shift_terminal": 0.1,
        "use_karras_sigmas": True,
        "invert_sigmas": True,
    }
    yield table(sampler="euler", config=mixed, steps=10, mu=0.8)
    for sampler in ("unipc", "dpmpp-2m-sde"):
        for shift in (0.4, 1.0, 2.37, 3.0, 6.5):
            for steps in (1, 2, 3, 7, 15, 33):
                yield table(sampler=sampler, config={"shift": shift}, steps=steps)
        for mu in (0.31, 1.0, 2.2):
            yield table(sampler=sampler, config={"use_dynamic_shifting": True}, steps=11, mu=mu)
    for shift in (1.0, 3.0):
        for steps in (1, 4, 8):
            yield table(sampler="lcm", config={"shift": shift}, steps=steps)


class FlowModel:
    """ComfyUI's noise levels of a flow model: entry k of 1000 has shift(k / 1000)."""

    def __init__(self, shift):
        self.shift = shift
        self.levels = self.level(torch.arange(1, 1001, dtype=torch.float32))

    def level(self, timestep):
        t = timestep / 1000
        return t if self.shift == 1.0 else self.shift * t / (1 + (self.shift - 1) * t)


def evenly(model, count, last):
    """`count` even timesteps between the ends, which are levels x 1000, `last` included or not."""
    ends = float(model.levels[-1] * 1000), float(model.levels[0] * 1000)
    points = torch.linspace(*ends, count if last else count + 1)[:count]
    return model.level(points).tolist()


def simple(model, count):
    return [float(model.levels[999 - int(i * (1000 / count))]) for i in range(count)]


def ddim_uniform(model, count):
    return model.levels[1 :: max(1000 // count, 1)].flip(0).tolist()


def linear_quadratic(model, count, threshold=0.025):
    """1 - sigma rises to `threshold` in a line over half the steps, then to 1 in a parabola."""
    if count == 1:
        return [1.0]
    line = count // 2
    rest = count - line
    slope = threshold / line
    bend = (line - threshold * count) / (line * rest**2)
    rise = lambda i: slope * i if i < line else slope * i + bend * (i - line) ** 2
    return [1 - rise(i) for i in range(count)]


def kl_optimal(model, count):
    low, high = (math.atan(float(model.levels[k])) for k in (0, -1))
    share = torch.arange(count, dtype=torch.float32) / max(count - 1, 1)
    return torch.tan(share * low + (1 - share) * high).tolist()


PLACED = {
    "simple": simple,
    "normal": lambda model, count: evenly(model, count, True),
    "sgm-uniform": lambda model, count: evenly(model, count, False),
    "ddim-uniform": ddim_uniform,
    "linear-quadratic": linear_quadratic,
    "kl-optimal": kl_optimal,
}


def placed():
    for name, rule in PLACED.items():
        for shift in (1.0, 2.37, 3.0, 6.5):
            for steps in (1, 2, 3, 7, 15, 20, 33, 150):
                sigmas = torch.tensor(rule(FlowModel(shift), steps) + [0.0]).tolist()
                case = {"schedule": name, "config": {"shift": shift}, "steps": steps}
                yield case | {"sigmas": sigmas}


def numbers(tensor):
    return tensor.float().tolist()


class Drawn:
    """In a scheduler's place for a generator: the noise comes from outside."""

    def __init__(self, noise):
        self.noise = noise

    def __call__(self, shape, **kinds):
        return self.noise.to(kinds["dtype"]).view(shape)


def lcm_step(made, velocity, t, latents, noise):
    """One step of the scheduler with noise of ours, back in the type of the latents."""
    with unittest.mock.patch.object(scheduling_flow_match_lcm, "randn_tensor", Drawn(noise)):
        return made.step(velocity, t, latents, return_dict=False)[0].to(latents.dtype)


def chain(random, sampler, dtype, config, first, **spacing):
    case = {"sampler": sampler, "config": config, "first": first, "dtype": dtype} | spacing
    made = prepare(case)
    begin = first * made.order
    made.set_begin_index(begin)
    draw = lambda: torch.randn(WIDTH, generator=random).to(DTYPES[dtype])
    latents = draw()
    case["latents"] = numbers(latents)
    case["velocities"], case["outputs"] = [], []
    noisy = sampler in ("dpmpp-2m-sde", "lcm")
    for t in made.timesteps[begin:]:
        velocity = draw()
        noise = draw() if noisy else None
        options = {"variance_noise": noise} if noisy else {}
        # UniPC takes tensors of at least three dimensions.
        shape = (1, WIDTH, 1) if sampler == "unipc" else (WIDTH,)
        shaped = (velocity.view(shape), t, latents.view(shape))
        if sampler == "lcm":
            # The scheduler takes the size of a picture.
            shaped = velocity.view(1, 1, 1, WIDTH), t, latents.view(1, 1, 1, WIDTH)
            latents = lcm_step(made, *shaped, noise).flatten()
        else:
            latents = made.step(*shaped, return_dict=False, **options)[0].flatten()
        if noisy:
            case.setdefault("noises", []).append(numbers(noise))
        case["velocities"].append(numbers(velocity))
        case["outputs"].append(numbers(latents))
    return case


def euler_ancestral(x, velocity, noise, sigma, target):
    """Euler to target^2 / sigma, then noise up to target (eta 1)."""
    denoised = x - sigma * velocity
    if target == 0:
        return denoised
    down = target * (target / sigma)
    scale = (1 - target) / (1 - down)
    x = down / sigma * x + (1 - down / sigma) * denoised
    return scale * x + (target**2 - (down * scale) ** 2) ** 0.5 * noise


def res_multistep(x, denoised, last, before, sigma, target):
    """Second order in -log sigma; Euler at the first and the last step (eta 0)."""
    if last is None or target == 0:
        return x + (target - sigma) * (x - denoised) / sigma
    h = sigma.log() - target.log()
    c2 = (sigma.log() - before.log()) / h
    phi1 = torch.expm1(-h) / -h
    phi2 = (phi1 - 1) / -h
    return torch.exp(-h) * x + h * ((phi1 - phi2 / c2) * denoised + phi2 / c2 * last)


def noise_scale(x):
    return x * (torch.exp(x**0.3) + 10)


def er_sde(x, noise, history, target):
    """ER-SDE-Solver-3; `history` is (lambda, denoised) of the steps so far, the newest last."""
    here, denoised = history[-1]
    alpha, before = 1 / (1 + target), 1 / (1 + here)
    r = noise_scale(target) / noise_scale(here)
    result = alpha / before * r * x + alpha * (1 - r) * denoised
    step = target - here
    width = -step / 200
    points = target + torch.arange(200, dtype=x.dtype) * width
    slope = lambda i: (history[i][1] - history[i - 1][1]) / (history[i][0] - history[i - 1][0])
    if len(history) > 1:
        total = (1 / noise_scale(points)).sum() * width
        result = result + alpha * (step + total * noise_scale(target)) * slope(-1)
    if len(history) > 2:
        total = ((points - here) / noise_scale(points)).sum() * width
        bend = (slope(-1) - slope(-2)) / ((here - history[-3][0]) / 2)
        result = result + alpha * (step**2 / 2 + total * noise_scale(target)) * bend
    return result + alpha * (target**2 - here**2 * r**2).sqrt() * noise


def er_sde_run(random, sampler, dtype, config, first, **spacing):
    """As restated(), in double precision between the roundings; sigma 1 becomes shift(0.9999)."""
    case = {"sampler": sampler, "config": config, "first": first, "dtype": dtype} | spacing
    sigmas = prepare(case | {"sampler": "euler"}).sigmas
    if sigmas[0] >= 1:
        t, shift = 1 - 1e-4, config["shift"]
        sigmas[0] = shift * t / (1 + (shift - 1) * t)
    sigmas = sigmas[first:].double()
    draw = lambda: torch.randn(WIDTH, generator=random).to(DTYPES[dtype])
    latents, history = draw(), []
    case["latents"] = numbers(latents)
    case["velocities"], case["outputs"] = [], []
    lambdas = sigmas / (1 - sigmas)
    for i in range(len(sigmas) - 1):
        velocity, noise = draw(), draw()
        denoised = (latents.double() - sigmas[i] * velocity.double()).to(velocity.dtype)
        history.append((lambdas[i], denoised.double()))
        if sigmas[i + 1] == 0:
            latents = denoised
        else:
            given = latents.double(), noise.double(), history[-3:]
            latents = er_sde(*given, lambdas[i + 1]).to(velocity.dtype)
            case.setdefault("noises", []).append(numbers(noise))
        case["velocities"].append(numbers(velocity))
        case["outputs"].append(numbers(latents))
    case.setdefault("noises", [])
    return case


def restated(random, sampler, dtype, config, first, **spacing):
    """As chain(), along the sigmas of Euler; sums in float32, latents and denoised in the dtype."""
    case = {"sampler": sampler, "config": config, "first": first, "dtype": dtype} | spacing
    sigmas = prepare(case | {"sampler": "euler"}).sigmas[first:]
    draw = lambda: torch.randn(WIDTH, generator=random).to(DTYPES[dtype])
    latents, last = draw(), None
    case["latents"] = numbers(latents)
    case["velocities"], case["outputs"] = [], []
    for i in range(len(sigmas) - 1):
        velocity = draw()
        if sampler == "euler-ancestral":
            noise = draw()
            given = (tensor.float() for tensor in (latents, velocity, noise))
            latents = euler_ancestral(*given, sigmas[i], sigmas[i + 1]).to(noise.dtype)
            case.setdefault("noises", []).append(numbers(noise))
        else:
            levels = sigmas[i - 1], sigmas[i], sigmas[i + 1]
            x = latents.float()
            denoised = (x - sigmas[i] * velocity.float()).to(velocity.dtype).float()
            latents = res_multistep(x, denoised, last, *levels).to(velocity.dtype)
            last = denoised
        case["velocities"].append(numbers(velocity))
        case["outputs"].append(numbers(latents))
    return case


def chains():
    random = torch.Generator().manual_seed(20)
    for dtype in DTYPES:
        for sampler in ("euler", "heun", "dpmpp-2m"):
            for shift, steps, first in ((3.0, 8, 0), (1.0, 5, 2), (3.0, 1, 0), (2.2, 16, 9)):
                yield chain(random, sampler, dtype, {"shift": shift}, first, steps=steps)
    config = {"shift": 3.0, "invert_sigmas": True}
    yield chain(random, "euler", "float32", config, 0, steps=4)
    makers = {
        "unipc": chain,
        "dpmpp-2m-sde": chain,
        "euler-ancestral": restated,
        "res-multistep": restated,
    }
    runs = (3.0, 8, 0), (1.0, 5, 2), (3.0, 1, 0), (2.2, 16, 9)
    for dtype in DTYPES:
        for sampler, maker in makers.items():
            # Over 30 steps the reference's roundings in bfloat16 add up.
            for shift, steps, first in runs + ((3.0, 30, 0),) * (dtype == "float32"):
                yield maker(random, sampler, dtype, {"shift": shift}, first, steps=steps)
    for dtype in DTYPES:
        for sampler, maker in {"er-sde": er_sde_run, "lcm": chain}.items():
            for shift, steps, first in runs + ((3.0, 30, 0),) * (dtype == "float32"):
                yield maker(random, sampler, dtype, {"shift": shift}, first, steps=steps)


def training(**config):
    made = FlowMatchEulerDiscreteScheduler(**config)
    return {"config": config, "sigmas": made.sigmas.tolist(), "timesteps": made.timesteps.tolist()}


def mus():
    for tokens in (64, 256, 1024, 4096, 4097, 9216):
        for shift in ((0.5, 1.15), (0.2, 2.0)):
            config = {"base_shift": shift[0], "max_shift": shift[1]}
            mu = calculate_shift(tokens, 256, 4096, *shift)
            yield {"config": config, "tokens": tokens, "mu": mu}


def main(path):
    rows = {
        "made_with": {"torch": torch.__version__.split("+")[0], "numpy": numpy.__version__},
        "tables": list(tables()),
        "placed": list(placed()),
        "chains": list(chains()),
        "training": [training(shift=3.0), training(use_dynamic_shifting=True, shift=3.0)],
        "mu": list(mus()),
    }
    with open(path, "w") as file:
        file.write("{\n")
        for i, (name, value) in enumerate(rows.items()):
            file.write(",\n" if i else "")
            if isinstance(value, list):
                lines = ",\n".join("  " + json.dumps(row, separators=(",", ":")) for row in value)
                file.write(f'"{name}": [\n{lines}\n]')
            else:
                file.write(f'"{name}": {json.dumps(value)}')
        file.write("\n}\n")


if __name__ == "__main__":
    main(sys.argv[1])
