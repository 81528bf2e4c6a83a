"""Adapters that are no plain LoRA, by PEFT and LyCORIS on the tiny SD3 transformer, and what the network answers with each.

  changes.py REFERENCE OUT    REFERENCE: sd3-runtime/src/test/resources/reference

Writes for each adapter OUT/<name>/ (PEFT) or OUT/<name>.safetensors (LyCORIS), and OUT/outputs.safetensors with the inputs,
<name> (the network's output) and <name>.to_q (the output of transformer_blocks.0.attn.to_q for `rows`).
"""
import json, pathlib, shutil, sys

import torch
from diffusers import SD3Transformer2DModel
from safetensors.torch import save_file

torch.set_num_threads(1)
reference, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
shutil.rmtree(out, ignore_errors=True)
out.mkdir(parents=True)
Q, FF, ADD = "transformer_blocks.0.attn.to_q", "transformer_blocks.1.ff.net.2", "transformer_blocks.0.attn.add_k_proj"
TARGETS = [Q, FF, ADD]
outputs = {}


def network():
    return SD3Transformer2DModel.from_pretrained(reference / "tiny-3.0" / "transformer", torch_dtype=torch.float32).eval()


base = network()
config = base.config
draw = torch.Generator().manual_seed(1)
randn = lambda *shape: torch.randn(*shape, generator=draw)
inputs = dict(
    hidden=randn(1, config.in_channels, 4, 4),
    text=randn(1, 5, config.joint_attention_dim),
    pooled=randn(1, config.pooled_projection_dim),
    rows=randn(3, base.get_submodule(Q).in_features),
)


@torch.no_grad()
def answer(name, model):
    transformer = getattr(getattr(model, "base_model", model), "model", model)
    outputs[name] = transformer(
        hidden_states=inputs["hidden"], encoder_hidden_states=inputs["text"], pooled_projections=inputs["pooled"],
        timestep=torch.tensor([500.0]), return_dict=False)[0].contiguous()
    outputs[name + ".to_q"] = transformer.get_submodule(Q)(inputs["rows"]).contiguous()
    if name != "base":
        assert (outputs[name] - outputs["base"]).abs().max() > 1e-3, name


def lycoris():
    from lycoris.modules.boft import ButterflyOFTModule
    from lycoris.modules.diag_oft import DiagOFTModule
    from lycoris.modules.full import FullModule
    from lycoris.modules.glora import GLoRAModule
    from lycoris.modules.ia3 import IA3Module
    from lycoris.modules.locon import LoConModule
    from lycoris.modules.loha import LohaModule
    from lycoris.modules.lokr import LokrModule
    low = dict(lora_dim=4, alpha=6)
    cases = {
        "lycoris-dora": (LoConModule, dict(low, weight_decompose=True)),
        "lycoris-dora-columns": (LoConModule, dict(low, weight_decompose=True, wd_on_out=False)),
        "lycoris-loha": (LohaModule, low),
        "lycoris-lokr": (LokrModule, dict(low, factor=4)),
        "lycoris-lokr-both": (LokrModule, dict(lora_dim=2, alpha=3, factor=8, decompose_both=True)),
        "lycoris-lokr-whole": (LokrModule, dict(low, factor=8, full_matrix=True)),
        "lycoris-lokr-dora": (LokrModule, dict(low, factor=4, weight_decompose=True)),
        "lycoris-full": (FullModule, {}),
        "lycoris-ia3": (IA3Module, {}),
        "lycoris-ia3-inputs": (IA3Module, dict(train_on_input=True)),
        "lycoris-oft": (DiagOFTModule, dict(lora_dim=8)),
        "lycoris-oft-limited": (DiagOFTModule, dict(lora_dim=8, constraint=0.01, rescaled=True)),
        "lycoris-boft": (ButterflyOFTModule, dict(lora_dim=8, rescaled=True)),
        "lycoris-glora": (GLoRAModule, low),
    }
    for name, (kind, settings) in cases.items():
        torch.manual_seed(2)
        model, tensors = network(), {}
        for path in TARGETS if kind is not FullModule else [Q]:
            stem = "lycoris_" + path.replace(".", "_")
            module = kind(stem, model.get_submodule(path), 1.0, **settings)
            for key, parameter in module.named_parameters():
                noise = torch.randn_like(parameter)
                parameter.data = parameter * (1 + 0.1 * noise) if key == "dora_scale" else parameter + 0.1 * noise
            if kind is FullModule:
                state = {"diff": module.weight.data.clone(), "diff_b": module.bias.data.clone()}
            elif hasattr(module, "custom_state_dict") and kind in (LoConModule, LohaModule, LokrModule, GLoRAModule):
                state = module.custom_state_dict()
            else:
                state = {key: value for key, value in module.state_dict().items() if key in kind.weight_list}
            tensors.update({f"{stem}.{key}": value.detach().clone().contiguous() for key, value in state.items()})
            module.eval()
            module.apply_to()
        save_file(tensors, out / f"{name}.safetensors")
        answer(name, model)
        print(name, flush=True)


def peft():
    import peft
    from peft.tuners.boft import layer as boft
    settings = dict(target_modules=TARGETS)
    cases = {
        "peft-dora": peft.LoraConfig(r=4, lora_alpha=6, use_dora=True, init_lora_weights=False, **settings),
        "peft-dora-rslora": peft.LoraConfig(r=4, lora_alpha=6, use_dora=True, use_rslora=True, init_lora_weights=False, **settings),
        "peft-loha": peft.LoHaConfig(r=4, alpha=6, init_weights=False, alpha_pattern={"to_q": 3}, **settings),
        "peft-lokr": peft.LoKrConfig(r=4, alpha=6, init_weights=False, rank_pattern={"to_q": 2}, **settings),
        "peft-lokr-both": peft.LoKrConfig(r=2, alpha=3, decompose_both=True, decompose_factor=8, init_weights=False, **settings),
        "peft-lokr-whole": peft.LoKrConfig(r=64, alpha=32, init_weights=False, **settings),
        "peft-oft": peft.OFTConfig(oft_block_size=8, init_weights=False, **settings),
        "peft-oft-exact": peft.OFTConfig(oft_block_size=8, use_cayley_neumann=False, init_weights=False, **settings),
        "peft-oft-shared": peft.OFTConfig(oft_block_size=8, block_share=True, coft=True, eps=0.3, init_weights=False, **settings),
        "peft-boft": peft.BOFTConfig(boft_block_size=8, init_weights=False, **settings),
        "peft-boft-butterfly": peft.BOFTConfig(boft_block_size=4, boft_n_butterfly_factor=3, init_weights=False, **settings),
        "peft-ia3": peft.IA3Config(feedforward_modules=[FF], init_ia3_weights=False, **settings),
    }

    class Blocks:  # what the CUDA kernel of PEFT's FastBlockDiag computes
        @staticmethod
        def apply(x):
            return torch.stack([torch.block_diag(*row) for row in x])

    for name, chosen in cases.items():
        torch.manual_seed(3)
        boft.FastBlockDiag, boft.get_fbd_cuda = Blocks, lambda: "butterfly" in name
        model = peft.get_peft_model(network(), chosen).eval()
        for key, parameter in model.named_parameters():
            if "magnitude" in key or "ia3_l" in key:
                parameter.data *= 1 + 0.1 * torch.randn_like(parameter)
        answer(name, model)
        model.save_pretrained(out / name)
        (out / name / "README.md").unlink(missing_ok=True)
        settings_file = out / name / "adapter_config.json"
        fields = json.loads(settings_file.read_text())
        fields.update(base_model_name_or_path=None)
        settings_file.write_text(json.dumps(fields, indent=1, sort_keys=True) + "\n")
        print(name, flush=True)


answer("base", base)
lycoris()
peft()
save_file({**inputs, **outputs}, out / "outputs.safetensors")
