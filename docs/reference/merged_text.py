"""Where the distance of merged text encoders from the same adapter beside them comes from: everything in fp32 and in fp64.

  studio adapter merge ADAPTERS/kohya.safetensors --model REFERENCE/tiny-3.0 --out MERGED
  merged_text.py REFERENCE ADAPTERS MERGED    ADAPTERS: stan-adapter/src/test/resources/reference/text

Prints the largest differences of prompt_embeds and pooled, and how far the numbers of MERGED are from the sums in fp64.
"""
import pathlib, sys

import torch, transformers.integrations.peft
from diffusers import StableDiffusion3Pipeline
from safetensors.torch import load_file

transformers.integrations.peft.MIN_PEFT_VERSION = "0.0.0"
torch.set_num_threads(1)
reference, adapters, written = map(pathlib.Path, sys.argv[1:])
lora, golden = load_file(adapters / "kohya.safetensors"), load_file(adapters / "outputs.safetensors")
ENCODERS = {"lora_te1": "text_encoder", "lora_te2": "text_encoder_2", "lora_te3": "text_encoder_3"}
single, double = torch.float32, torch.float64


@torch.no_grad()
def embeds(run, change):
    """Embeddings by encoders of type `run`, after `change` has seen every adapted layer with its A, B and scale."""
    pipe = StableDiffusion3Pipeline.from_pretrained(reference / "tiny-3.0", torch_dtype=single)
    for prefix, name in ENCODERS.items():
        encoder = getattr(pipe, name)
        for path, layer in encoder.named_modules():
            stem = f"{prefix}_{path.replace('.', '_')}"
            if f"{stem}.alpha" in lora:
                a, b = lora[f"{stem}.lora_down.weight"], lora[f"{stem}.lora_up.weight"]
                change(name, path, layer, a, b, lora[f"{stem}.alpha"].item() / len(a))
        encoder.to(run)
    positive, _, pooled, _ = pipe.encode_prompt("a green boat near the bridge", None, None, max_sequence_length=20)
    return positive.double(), pooled.double()


def beside(run):
    def change(name, path, layer, a, b, scale):
        a, b = a.to(run), b.to(run)
        layer.register_forward_hook(lambda _, inputs, output: output + inputs[0] @ a.T @ b.T * scale)

    return embeds(run, change)


def merged(summed, stored, run):
    def change(name, path, layer, a, b, scale):
        layer.weight.data = (layer.weight.to(summed) + b.to(summed) @ a.to(summed) * scale).to(stored)

    return embeds(run, change)


def tell(what, x, y):
    print(f"{what:<58}", *[f"{(i - j).abs().max().item():.1e}" for i, j in zip(x, y)])


exact = beside(double)
reference_answer = (golden["kohya.prompt_embeds"].double(), golden["kohya.pooled"].double())
print("largest numbers", *[f"{part.abs().max().item():.1f}" for part in exact])
tell("fp64: merged from beside", merged(double, double, double), exact)
tell("fp32 beside, the reference, from fp64", reference_answer, exact)
tell("weights of the fp64 sum rounded to fp32, from fp64", merged(double, single, double), exact)
tell("fp32 sum and encoders, from fp64", merged(single, single, single), exact)
tell("fp32 sum and encoders, from the reference", merged(single, single, single), reference_answer)
tell("fp64 sum, fp32 encoders, from the reference", merged(double, single, single), reference_answer)

worst = 0
def compare(name, path, layer, a, b, scale):
    global worst
    own = load_file(written / name / "model.safetensors")[f"{path}.weight"].double()
    wanted = layer.weight.double() + b.double() @ a.double() * scale
    unit = 2.0 ** (wanted.abs().max().log2().floor().item() - 23)
    worst = max(worst, ((own - wanted).abs().max() / unit).item())
embeds(single, compare)
print(f"written weights are within {worst:.2f} units in the last place of the largest number of a matrix")
