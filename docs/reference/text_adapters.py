"""LoRAs of the text encoders by diffusers, PEFT and LyCORIS on the tiny model: their files, the embeddings of a prompt, latents.

  text_adapters.py REFERENCE OUT    REFERENCE: sd3-runtime/src/test/resources/reference

Writes the adapters into OUT and OUT/outputs.safetensors: <case>.prompt_embeds and <case>.pooled of PROMPT, and <case>.latents of whole
pictures. A case is the name of an adapter, with `@weight` where it is not 1; `none` is the model alone.
"""
import json, pathlib, shutil, sys

import peft, torch, transformers.integrations.peft
from diffusers import StableDiffusion3Pipeline
from diffusers.training_utils import _collate_lora_metadata
from peft.utils import get_peft_model_state_dict
from safetensors.torch import load_file, save_file

# transformers asks for a newer PEFT for what is not used here.
transformers.integrations.peft.MIN_PEFT_VERSION = "0.0.0"
torch.set_num_threads(1)
reference, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
shutil.rmtree(out, ignore_errors=True)
out.mkdir(parents=True)
PROMPT = dict(prompt="a green boat near the bridge", negative_prompt="a bridge")
PICTURE = dict(width=48, height=32, num_inference_steps=3, guidance_scale=4.0, max_sequence_length=20)
CLIP = ["q_proj", "k_proj", "v_proj", "out_proj", "fc1", "fc2", "text_projection"]
T5 = ["q", "k", "v", "o", "wi_0", "wi_1", "wo"]
outputs = {}


def pipeline():
    return StableDiffusion3Pipeline.from_pretrained(reference / "tiny-3.0", torch_dtype=torch.float32)


@torch.no_grad()
def answer(name, pipe, latents=False):
    positive, negative, pooled, negative_pooled = pipe.encode_prompt(
        PROMPT["prompt"], None, None, negative_prompt=PROMPT["negative_prompt"], max_sequence_length=20)
    outputs[f"{name}.prompt_embeds"], outputs[f"{name}.pooled"] = positive.contiguous(), pooled.contiguous()
    if name != "none":
        assert (positive - outputs["none.prompt_embeds"]).abs().max() > 1e-3, name
    if latents:
        picture = pipe(**PROMPT, **PICTURE, generator=torch.Generator().manual_seed(7), output_type="latent")
        outputs[f"{name}.latents"] = picture.images.contiguous()
    print(name, flush=True)


def config(targets, **more):
    return peft.LoraConfig(**(dict(r=4, lora_alpha=6, init_lora_weights=False, target_modules=targets) | more))


def shrink(model):
    for key, parameter in model.named_parameters():
        if "lora_" in key and "magnitude" not in key:
            parameter.data *= 2
        elif "lora_magnitude" in key:
            parameter.data *= 1 + 0.1 * torch.randn_like(parameter)


answer("none", pipeline(), latents=True)

# diffusers: the transformer, CLIP-L and CLIP-G, each with an alpha of its own
torch.manual_seed(1)
pipe = pipeline()
parts = {
    "transformer": (pipe.transformer, config(["attn.to_q", "attn.to_k"], lora_alpha=2)),
    "text_encoder": (pipe.text_encoder, config(CLIP[:4])),
    "text_encoder_2": (pipe.text_encoder_2, config(CLIP, r=2, lora_alpha=3, alpha_pattern={"fc1": 1})),
}
for model, settings in parts.values():
    peft.inject_adapter_in_model(settings, model)
    model.peft_config = {"default": settings}
    shrink(model)
states = {name: get_peft_model_state_dict(model) for name, (model, _) in parts.items()}
StableDiffusion3Pipeline.save_lora_weights(
    out / "diffusers",
    transformer_lora_layers=states["transformer"],
    text_encoder_lora_layers=states["text_encoder"],
    text_encoder_2_lora_layers=states["text_encoder_2"],
    **_collate_lora_metadata({name: model for name, (model, _) in parts.items()}))
for weight in [1, 0.6]:
    pipe = pipeline()
    pipe.load_lora_weights(out / "diffusers")
    pipe.set_adapters(pipe.get_active_adapters(), adapter_weights=[weight])
    answer("diffusers" + (f"@{weight}" if weight != 1 else ""), pipe, latents=True)

# PEFT: a folder for each encoder
for encoder, targets, more in [
    ("text_encoder", CLIP, dict(use_dora=True)),
    ("text_encoder_2", CLIP[:4], dict(use_rslora=True)),
    ("text_encoder_3", T5, {}),
]:
    torch.manual_seed(2)
    pipe = pipeline()
    model = peft.get_peft_model(getattr(pipe, encoder), config(targets, **more))
    shrink(model)
    setattr(pipe, encoder, model.base_model.model)
    name = f"peft/{encoder}"
    answer(name, pipe)
    model.save_pretrained(out / name)
    (out / name / "README.md").unlink(missing_ok=True)
    fields = json.loads((out / name / "adapter_config.json").read_text()) | {"base_model_name_or_path": None}
    (out / name / "adapter_config.json").write_text(json.dumps(fields, indent=1, sort_keys=True) + "\n")

# kohya: lora_te1_, lora_te2_ and lora_te3_ with alpha beside the pair, of the same numbers as PEFT applies
torch.manual_seed(3)
pipe, tensors = pipeline(), {}
for prefix, model, targets in [
    ("lora_te1", pipe.text_encoder, CLIP[:6]), ("lora_te2", pipe.text_encoder_2, CLIP[:4]), ("lora_te3", pipe.text_encoder_3, T5)]:
    settings = config(targets, lora_alpha=5)
    peft.inject_adapter_in_model(settings, model)
    model.peft_config = {"default": settings}
    shrink(model)
    for key, value in get_peft_model_state_dict(model).items():
        module, side = key.removesuffix(".weight").rsplit(".", 1)
        stem = f"{prefix}_{module.replace('.', '_')}"
        tensors[f"{stem}.{'lora_down' if side == 'lora_A' else 'lora_up'}.weight"] = value.contiguous()
        tensors[f"{stem}.alpha"] = torch.tensor(5.0)
answer("kohya", pipe, latents=True)
save_file(tensors, out / "kohya.safetensors")

# LyCORIS: other kinds
from lycoris.modules.loha import LohaModule
from lycoris.modules.lokr import LokrModule

torch.manual_seed(4)
pipe, tensors = pipeline(), {}
for prefix, model, kind, path in [
    ("lora_te1", pipe.text_encoder, LohaModule, "text_model.encoder.layers.0.mlp.fc1"),
    ("lora_te2", pipe.text_encoder_2, LokrModule, "text_model.encoder.layers.1.self_attn.v_proj"),
    ("lora_te3", pipe.text_encoder_3, LohaModule, "encoder.block.0.layer.1.DenseReluDense.wo"),
]:
    stem = f"{prefix}_{path.replace('.', '_')}"
    module = kind(stem, model.get_submodule(path), 1.0, lora_dim=2, alpha=3)
    for parameter in module.parameters():
        parameter.data += 0.3 * torch.randn_like(parameter)
    tensors.update({f"{stem}.{key}": value.detach().clone().contiguous() for key, value in module.custom_state_dict().items()})
    module.eval()
    module.apply_to()
answer("lycoris", pipe)
save_file(tensors, out / "lycoris.safetensors")
save_file(outputs, out / "outputs.safetensors")
