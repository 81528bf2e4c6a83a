"""Reference numbers for the sigma tables and samplers of dev.stanstudio.sd3.schedule.

Needs Python 3.11 with
    torch==2.13.0 diffusers==0.42.1 transformers==5.23.0 numpy==2.4.6 scipy==1.17.1
and is run from the root of the repository:
    python docs/reference/schedules.py sd3-runtime/src/test/resources/dev/stanstudio/sd3/schedule/reference.json

Tables are what set_timesteps() leaves behind. Chains feed step() with random velocities from a
random latent: every call's output is kept, so that history and begin index count.
"""

import json
import sys

import numpy
import torch
from diffusers import (
    DPMSolverMultistepScheduler,
    FlowMatchEulerDiscreteScheduler,
    FlowMatchHeunDiscreteScheduler,
)
from diffusers.pipelines.stable_diffusion_3.pipeline_stable_diffusion_3 import calculate_shift

WIDTH = 6
GIVEN = [[1.0, 0.9, 0.37, 0.1], [0.7], [0.95, 0.6000001, 0.6, 1e-4]]
DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16}


def scheduler(sampler, config):
    if sampler == "euler":
        return FlowMatchEulerDiscreteScheduler(**config)
    shift = config.get("shift", 1.0)
    if sampler == "heun":
        return FlowMatchHeunDiscreteScheduler(shift=shift)
    return DPMSolverMultistepScheduler(
        prediction_type="flow_prediction",
        use_flow_sigmas=True,
        flow_shift=shift,
        use_dynamic_shifting=config.get("use_dynamic_shifting", False),
        algorithm_type="dpmsolver++",
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


def numbers(tensor):
    return tensor.float().tolist()


def chain(random, sampler, dtype, config, first, **spacing):
    case = {"sampler": sampler, "config": config, "first": first, "dtype": dtype} | spacing
    made = prepare(case)
    begin = first * made.order
    made.set_begin_index(begin)
    draw = lambda: torch.randn(WIDTH, generator=random).to(DTYPES[dtype])
    latents = draw()
    case["latents"] = numbers(latents)
    case["velocities"], case["outputs"] = [], []
    for t in made.timesteps[begin:]:
        velocity = draw()
        latents = made.step(velocity, t, latents, return_dict=False)[0]
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
