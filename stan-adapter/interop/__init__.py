"""STAN adapters in ComfyUI: this folder, copied to ComfyUI/custom_nodes, adds the node "Load STAN" (loaders).

It lists the folders of models/loras that `studio train` wrote. A STAN is no change of weights, so ComfyUI's bypass mechanism adds it to what the
layers answer. ComfyUI keeps Stable Diffusion 3's original layers, where q, k and v are one (`qkv`): what it adds there stands side by side.
"""

import json
import pathlib

import torch

from .stan_diffusers import read_stan

# diffusers' layers of a block by ComfyUI's, in the order in which their outputs stand side by side.
LAYERS = {
    "x_block.attn.qkv": ["attn.to_q", "attn.to_k", "attn.to_v"],
    "x_block.attn.proj": ["attn.to_out.0"],
    "x_block.attn2.qkv": ["attn2.to_q", "attn2.to_k", "attn2.to_v"],
    "x_block.attn2.proj": ["attn2.to_out.0"],
    "x_block.mlp.fc1": ["ff.net.0.proj"],
    "x_block.mlp.fc2": ["ff.net.2"],
    "context_block.attn.qkv": ["attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj"],
    "context_block.attn.proj": ["attn.to_add_out"],
    "context_block.mlp.fc1": ["ff_context.net.0.proj"],
    "context_block.mlp.fc2": ["ff_context.net.2"],
}


def fused(layers):
    """The layers of a STAN as ComfyUI names them: a list of each one's parts, None where a part has no adapter."""
    found, used = {}, set()
    for block in sorted({path.split(".")[1] for path in layers if path.startswith("transformer_blocks.")}, key=int):
        for ours, theirs in LAYERS.items():
            paths = [f"transformer_blocks.{block}.{one}" for one in theirs]
            parts = [layers.get(path) for path in paths]
            if any(parts):
                found[f"diffusion_model.joint_blocks.{block}.{ours}"] = parts
                used.update(paths)
    left = sorted(set(layers) - used)
    if left:
        raise ValueError(f"ComfyUI has no layer for {left[0]} of this STAN; draw with it in diffusers or STAN Studio")
    return found


def side_by_side(parts, x, like):
    """What the parts add to a layer's output `like` [..., sum of m]."""
    pieces = like.chunk(len(parts), dim=-1)
    added = [piece * 0 if part is None else part.change(x, piece) for part, piece in zip(parts, pieces)]
    return torch.cat(added, dim=-1)


class LoadStan:
    """The node: a model and a STAN in, the model with the STAN out."""

    RETURN_TYPES = ("MODEL",)
    FUNCTION = "load"
    CATEGORY = "loaders"

    @classmethod
    def INPUT_TYPES(cls):
        strength = ("FLOAT", {"default": 1.0, "min": -10.0, "max": 10.0, "step": 0.01})
        return {"required": {"model": ("MODEL",), "stan": (sorted(stans()),), "strength": strength}}

    def load(self, model, stan, strength):
        from comfy.weight_adapter.base import WeightAdapterBase
        from comfy.weight_adapter.bypass import BypassInjectionManager

        class Added(WeightAdapterBase):
            def __init__(self, parts):
                self.parts, self.weights, self.loaded_keys, self.name = parts, None, set(), "stan"

            def h(self, x, base_out):
                return side_by_side(self.parts, x, base_out) * self.multiplier

            def g(self, y):
                return y

        manager = BypassInjectionManager()
        for path, parts in fused(read_stan(stans()[stan])).items():
            manager.add_adapter(path, Added(parts), strength)
        changed = model.clone()
        injections = manager.create_injections(changed.model)
        if manager.get_hook_count() != len(manager.adapters):
            raise ValueError(f"{stan} was made for another model: only {manager.get_hook_count()} of {len(manager.adapters)} layers are there")
        changed.set_injections(f"stan {stan} {id(manager)}", injections)
        return (changed,)


def stans():
    """The folders of models/loras with a STAN, by name."""
    import folder_paths

    found = {}
    for root in folder_paths.get_folder_paths("loras"):
        for file in pathlib.Path(root).glob("**/adapter_config.json"):
            if json.loads(file.read_text(encoding="utf-8")).get("kind") == "stan":
                found[str(file.parent.relative_to(root))] = file.parent
    return found


NODE_CLASS_MAPPINGS = {"LoadStan": LoadStan}
NODE_DISPLAY_NAME_MAPPINGS = {"LoadStan": "Load STAN"}
