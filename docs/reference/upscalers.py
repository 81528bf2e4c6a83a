"""Tiny upscalers with random weights and what they answer: RRDBNet and the compact network, written after their papers.

    python docs/reference/upscalers.py sd3-runtime/src/test/resources/reference [FOLDER OF SPANDREL]

With spandrel, a public implementation, the answers of wider networks are compared with its: it knows dense blocks that grow by 32 alone.
"""

import pathlib
import sys

import torch
from safetensors.torch import save_file
from torch.nn import functional

WIDTH, GROWTH, PUBLIC_GROWTH = 8, 4, 32
LEAST_EFFECT = 1e-3
CASES = {
    "old": {"blocks": 2, "doublings": 2, "folding": 1, "names": "numbered"},
    "single": {"blocks": 1, "doublings": 1, "folding": 1, "names": "numbered"},
    "folded": {"blocks": 1, "doublings": 2, "folding": 2, "names": "new"},
    "release": {"blocks": 1, "doublings": 2, "folding": 1, "names": "release"},
    "compact": {"hidden": 2, "scale": 2},
}
RELEASE = {"conv_body": "trunk_conv", "conv_up": "upconv", "conv_hr": "HRconv"}


def convolution(weights, name, x):
    return functional.conv2d(x, weights[name + ".weight"], weights[name + ".bias"], padding=1)


def dense(weights, name, x):
    seen = [x]
    for index in range(1, 6):
        y = convolution(weights, f"{name}.conv{index}", torch.cat(seen, 1))
        seen.append(y if index == 5 else functional.leaky_relu(y, 0.2))
    return x + 0.2 * seen[-1]


def rrdbnet(weights, case, x):
    first = convolution(weights, "conv_first", functional.pixel_unshuffle(x, case["folding"]))
    y = first
    for block in range(case["blocks"]):
        z = y
        for index in (1, 2, 3):
            z = dense(weights, f"body.{block}.rdb{index}", z)
        y = y + 0.2 * z
    y = first + convolution(weights, "conv_body", y)
    for index in range(case["doublings"]):
        y = functional.interpolate(y, scale_factor=2, mode="nearest")
        y = functional.leaky_relu(convolution(weights, f"conv_up{index + 1}", y), 0.2)
    y = functional.leaky_relu(convolution(weights, "conv_hr", y), 0.2)
    return convolution(weights, "conv_last", y)


def compact(weights, case, x):
    y = x
    for index in range(case["hidden"] + 1):
        y = functional.prelu(convolution(weights, f"body.{2 * index}", y), weights[f"body.{2 * index + 1}.weight"])
    y = convolution(weights, f"body.{2 * case['hidden'] + 2}", y)
    return functional.pixel_shuffle(y, case["scale"]) + functional.interpolate(x, scale_factor=case["scale"], mode="nearest")


def shapes(case, growth):
    if "hidden" in case:
        widths = [3] + [WIDTH] * (case["hidden"] + 1) + [3 * case["scale"] ** 2]
        return {f"body.{2 * i}": (widths[i + 1], widths[i]) for i in range(len(widths) - 1)}
    found = {"conv_first": (WIDTH, 3 * case["folding"] ** 2)}
    for block in range(case["blocks"]):
        for index in (1, 2, 3):
            for i in range(5):
                found[f"body.{block}.rdb{index}.conv{i + 1}"] = (WIDTH if i == 4 else growth, WIDTH + i * growth)
    found |= {name: (WIDTH, WIDTH) for name in ("conv_body", "conv_hr", *[f"conv_up{i + 1}" for i in range(case["doublings"])])}
    return found | {"conv_last": (3, WIDTH)}


def random_weights(case, seed, growth=GROWTH):
    chance = torch.Generator().manual_seed(seed)
    weights = {}
    for name, (out, into) in shapes(case, growth).items():
        weights[name + ".weight"] = torch.randn(out, into, 3, 3, generator=chance) * (1.6 / (9 * into)) ** 0.5
        weights[name + ".bias"] = torch.randn(out, generator=chance) * 0.1
    for index in range(case.get("hidden", -1) + 1):
        weights[f"body.{2 * index + 1}.weight"] = torch.rand(WIDTH, generator=chance) * 0.5
    if "hidden" not in case:
        weights["conv_last.weight"] *= 0.3
        weights["conv_last.bias"] += 0.5
    else:
        weights[f"body.{2 * case['hidden'] + 2}.weight"] *= 0.1
    return weights


def stored(name, case):
    kind = case.get("names", "new")
    if kind == "release":
        for new, old in RELEASE.items():
            name = name.replace(new, old)
        return name.replace("body.", "RRDB_trunk.").replace("rdb", "RDB")
    if kind == "new":
        return name
    last = 2 + 3 * case["doublings"]
    if name.startswith("body."):
        block, unit, conv, part = name.split(".")[1:]
        return f"model.1.sub.{block}.{unit.upper()}.{conv}.0.{part}"
    stem, part = name.split(".")
    if stem.startswith("conv_up"):
        return f"model.{3 * int(stem[-1])}.{part}"
    places = {"conv_first": "0", "conv_body": f"1.sub.{case['blocks']}", "conv_hr": last, "conv_last": last + 2}
    return f"model.{places[stem]}.{part}"


@torch.no_grad()
def run(root, public=None):
    folder = root / "upscalers"
    folder.mkdir(exist_ok=True)
    picture = torch.rand(1, 3, 12, 20, generator=torch.Generator().manual_seed(3))
    answers = {"picture": picture}
    for seed, (name, case) in enumerate(CASES.items()):
        weights = random_weights(case, 700 + seed)
        network = compact if "hidden" in case else rrdbnet
        answers[name] = network(weights, case, picture).clamp(0, 1)
        exact = network({key: x.double() for key, x in weights.items()}, case, picture.double()).clamp(0, 1)
        print(name, "own error", (answers[name] - exact).abs().max().item())
        for key in weights:
            changed = network(weights | {key: weights[key] * 2 + 0.2}, case, picture).clamp(0, 1)
            effect = (changed - answers[name]).abs().max().item()
            assert effect > LEAST_EFFECT, (name, key, effect)
        file = {stored(key, case): x.contiguous() for key, x in weights.items()}
        save_file(file, folder / f"{name}.safetensors")
        if public:
            wide = random_weights(case, 800 + seed, PUBLIC_GROWTH)
            descriptor = public.ModelLoader().load_from_state_dict({stored(key, case): x for key, x in wide.items()})
            difference = (descriptor(picture) - network(wide, case, picture).clamp(0, 1)).abs().max().item()
            print(name, "spandrel", descriptor.architecture.id, difference)
            assert difference < 1e-6
    save_file(answers, folder / "answers.safetensors")


if __name__ == "__main__":
    torch.set_num_threads(1)
    if len(sys.argv) > 2:
        sys.path.insert(0, sys.argv[2])
        import spandrel
    run(pathlib.Path(sys.argv[1]), spandrel if len(sys.argv) > 2 else None)
