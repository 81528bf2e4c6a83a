"""STAN adapters (Sparse adapTAtioN) in diffusers' Stable Diffusion 3 and 3.5. Needs torch and safetensors.

    from stan_diffusers import load_stan
    stan = load_stan(pipe.transformer, "stan-nano", weight=0.8)   # a folder of `studio train`; several may be loaded
    pipe("a lighthouse, in the style of ukiyo-e").images[0]
    stan.weight = 0.5                                             # from the next call of the network on
    stan.steer("4.attn.to_out.0", 45, scale=0)                    # feature 45 of one layer off
    stan.remove()

docs/adapter-format.md of STAN Studio defines the files. Equations are those of the paper.
"""

import json
import pathlib
import re

import torch
from safetensors.torch import load_file

PREFIX = "base_model.model."
SELECTIONS = {"value": lambda a: a, "magnitude": torch.abs, "relu": torch.relu}


class Layer:
    """One linear layer's change (1/k) D topk(E x): n inputs, m outputs, l features of which k are active."""

    def __init__(self, path, settings, tensors):
        self.path = path
        self.E = tensors[f"{PREFIX}{path}.stan_E.weight"]  # [l, n]
        self.D = self.E.T if settings["tied"] else tensors[f"{PREFIX}{path}.stan_D.weight"]  # [m, l]
        self.groups = settings.get("groups", 1)
        self.k = by_pattern(settings.get("kept", {}), path, settings["k"])
        self.scale = 1 / self.k if settings["averaged"] else 1.0
        self.rank = SELECTIONS[settings["selection"]]
        self.rectified = settings["selection"] == "relu"
        ones = torch.ones(len(self.E))
        self.steering = torch.stack([ones, ones * torch.inf, ones * 0])  # [3, l]: factor, ceiling, offset
        self.steered = False

    def topk(self, a):
        """eq. 3's topk(a), [..., l]: all but the k features of the largest scores are zero; of equal ones the lower index stays."""
        rows = a.unflatten(-1, (self.groups, -1))  # [..., groups, l / groups]: k of each group
        order = self.rank(rows.float()).argsort(dim=-1, descending=True, stable=True)
        mask = torch.zeros_like(rows).scatter(-1, order[..., : self.k], 1)
        return ((torch.relu(rows) if self.rectified else rows) * mask).flatten(-2)

    def change(self, x, like):
        """(1/k) D topk(E x) for x [..., n], [..., m], computed in the type and on the device of the layer's output."""
        if (self.E.device, self.E.dtype) != (like.device, like.dtype):
            self.E, self.D, self.steering = (t.to(like.device, like.dtype) for t in (self.E, self.D, self.steering))
        z = self.topk(x.to(like.device, like.dtype) @ self.E.T)
        if self.steered:
            factor, ceiling, offset = self.steering
            z = torch.minimum(z * factor, ceiling) + offset
        return z @ self.D.T * self.scale


class Stan:
    """A loaded adapter; `weight` multiplies its change."""

    def __init__(self, transformer, folder, weight):
        self.weight, self.layers = weight, read_stan(folder)
        modules = dict(transformer.named_modules())
        for path, layer in self.layers.items():
            shape = [layer.D.shape[0], layer.E.shape[1]]
            if path not in modules or [modules[path].out_features, modules[path].in_features] != shape:
                raise ValueError(f"{folder} needs {path} of shape {shape}, which this transformer does not have")
        if any(getattr(module, "fused_projections", False) for module in modules.values()):
            raise ValueError("the transformer's projections are fused; call its unfuse_qkv_projections() first")
        self.handles = [modules[path].register_forward_hook(self.hook(layer)) for path, layer in self.layers.items()]

    def hook(self, layer):
        # eq. 4: h = W0 x + b + weight * (1/k) D topk(E x)
        def add(module, inputs, h):
            return h if self.weight == 0 else h + layer.change(inputs[0], h) * self.weight

        return add

    def steer(self, layer, features, scale=1.0, ceiling=torch.inf, offset=0.0):
        """Makes an active feature z of the layers named `layer` (`attn.to_q`, `4.attn.*`) min(scale z, ceiling), then adds `offset`."""
        name = re.compile(r"(.*\.)?" + re.escape(layer).replace(r"\*", "[^.]*") + r"(\..*)?")
        found = [one for path, one in self.layers.items() if name.fullmatch(path)]
        if not found:
            raise ValueError(f"no layer of this STAN is called {layer}")
        for one in found:
            one.steered = True
            one.steering[0, features] *= scale
            one.steering[1, features] = one.steering[1, features].clamp(max=ceiling)
            one.steering[2, features] += offset

    def remove(self):
        """Leaves the transformer as it was."""
        for handle in self.handles:
            handle.remove()


def by_pattern(patterns, path, otherwise):
    """The value of the first regular expression that matches the path or its tail after a dot, as in PEFT's rank_pattern."""
    return next((value for pattern, value in patterns.items() if re.match(rf"(.*\.)?({pattern})$", path)), otherwise)


def read_stan(folder):
    """The layers of the STAN in `folder` by their paths in diffusers."""
    folder = pathlib.Path(folder)
    config = json.loads((folder / "adapter_config.json").read_text(encoding="utf-8"))
    if config.get("kind") != "stan" or config.get("format_version", 0) > 1:
        raise ValueError(f"{folder} is not a STAN of format 1, but {config.get('kind', config.get('peft_type'))}")
    tensors = load_file(folder / "adapter_model.safetensors")
    return {path: Layer(path, config["settings"], tensors) for path in config["modules"]}


def load_stan(transformer, folder, weight=1.0):
    """Adds the STAN of `folder` to diffusers' SD3Transformer2DModel; returns a handle with weight, steer(…) and remove()."""
    return Stan(transformer, folder, weight)
