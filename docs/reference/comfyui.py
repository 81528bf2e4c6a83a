"""Checks the ComfyUI node of stan-adapter/interop without ComfyUI: its layers, q, k and v in one, must answer what diffusers' do.

    python docs/reference/comfyui.py

The three modules of ComfyUI that the node imports are stood in for by what it uses of them: `forward` of a layer becomes g(forward(x) + h(x)).
"""

import importlib.util
import pathlib
import sys
import types

import diffusers
import torch

ROOT = pathlib.Path(__file__).parents[2]
INTEROP = ROOT / "stan-adapter/interop"
ADAPTERS = ROOT / "stan-adapter/src/test/resources/interop/adapters"
TINY = ROOT / "sd3-runtime/src/test/resources/reference"


class WeightAdapterBase:
    pass


class BypassInjectionManager:
    def __init__(self):
        self.adapters, self.found = {}, []

    def add_adapter(self, key, adapter, strength=1.0):
        self.adapters[key] = (adapter, strength)

    def get_hook_count(self):
        return len(self.found)

    def create_injections(self, model):
        modules = dict(model.named_modules())
        self.found = [(modules[key], *value) for key, value in self.adapters.items() if key in modules]
        return self.found


class Patcher:
    """ComfyUI's ModelPatcher: `inject` is what it does before it samples."""

    def __init__(self, model):
        self.model, self.injections = model, {}

    def clone(self):
        return Patcher(self.model)

    def set_injections(self, key, injections):
        self.injections[key] = injections

    def inject(self):
        for module, adapter, strength in sum(self.injections.values(), []):
            adapter.multiplier, forward = strength, module.forward
            module.forward = lambda x, forward=forward, adapter=adapter: adapter.g(forward(x) + adapter.h(x, forward(x)))


def stand_in(loras):
    packages = {"comfy": {}, "comfy.weight_adapter": {}, "comfy.weight_adapter.base": {"WeightAdapterBase": WeightAdapterBase}}
    packages["comfy.weight_adapter.bypass"] = {"BypassInjectionManager": BypassInjectionManager}
    packages["folder_paths"] = {"get_folder_paths": lambda kind: [str(loras)]}
    for name, content in packages.items():
        sys.modules[name] = types.ModuleType(name)
        vars(sys.modules[name]).update(content)
    spec = importlib.util.spec_from_file_location("stan", INTEROP / "__init__.py", submodule_search_locations=[str(INTEROP)])
    node = sys.modules["stan"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(node)
    return node


def joined(layers):
    """Linear layers as one whose outputs stand side by side."""
    one = torch.nn.Linear(layers[0].in_features, sum(layer.out_features for layer in layers))
    one.weight.data = torch.cat([layer.weight for layer in layers])
    one.bias.data = torch.cat([layer.bias for layer in layers])
    return one


def original(node, transformer):
    """The transformer's linear layers in ComfyUI's tree, and those of diffusers that each one stands for."""
    root, theirs = torch.nn.Module(), {}
    modules = dict(transformer.named_modules())
    for block in range(transformer.config.num_layers):
        for ours, names in node.LAYERS.items():
            paths = [f"transformer_blocks.{block}.{name}" for name in names]
            if all(path in modules for path in paths):
                place = root
                *way, last = f"diffusion_model.joint_blocks.{block}.{ours}".split(".")
                for part in way:
                    if not hasattr(place, part):
                        place.add_module(part, torch.nn.Module())
                    place = getattr(place, part)
                place.add_module(last, joined([modules[path] for path in paths]))
                theirs[getattr(place, last)] = [modules[path] for path in paths]
    return root, theirs


@torch.no_grad()
def main():
    node = stand_in(ADAPTERS)
    names = node.LoadStan.INPUT_TYPES()["required"]["stan"][0]
    assert len(names) > 6, names
    for name in names:
        tiny = name.partition(".")[2] or "tiny-3.0"
        transformer = diffusers.SD3Transformer2DModel.from_pretrained(TINY / tiny, subfolder="transformer", dtype=torch.float32)
        root, theirs = original(node, transformer)
        (patched,) = node.LoadStan().load(Patcher(root), name, 0.7)
        patched.inject()
        node.stan_diffusers.load_stan(transformer, ADAPTERS / name, 0.7)
        worst, changed = 0.0, 0
        for layer, parts in theirs.items():
            x = torch.randn(2, 5, layer.in_features, generator=torch.Generator().manual_seed(1))
            expected = torch.cat([part(x) for part in parts], dim=-1)
            changed += not torch.allclose(expected, torch.nn.functional.linear(x, layer.weight, layer.bias), atol=1e-3)
            worst = max(worst, (layer(x) - expected).abs().max().item())
        print(f"{name}: {changed} of {len(theirs)} layers changed, worst error {worst:.1e}")
        assert worst < 2e-5 and changed == sum(map(len, patched.injections.values())), name


if __name__ == "__main__":
    diffusers.logging.disable_progress_bar()
    main()
