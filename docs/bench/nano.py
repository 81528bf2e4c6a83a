"""Compares a picture of `studio generate` with diffusers' from the same folder and the same noise.

    ./studio generate --prompt "a castle on a hill at night" --seed 0 --trace trace.safetensors --out castle.png
    python nano.py --model ../../sd3-runtime/models/sd3-nano --prompt "a castle on a hill at night" --trace trace.safetensors

The folder is loaded unchanged by StableDiffusion3Pipeline. Prints the largest differences of the prompt embeddings, of the last
latents and of the picture in 0...1, and ends with 1 if the picture differs by more than --tolerance.
"""

import argparse
import json
import pathlib
import sys

import torch
from diffusers import StableDiffusion3Pipeline
from safetensors.torch import load_file


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=pathlib.Path, required=True)
    parser.add_argument("--prompt", required=True)
    parser.add_argument("--negative-prompt", default="")
    parser.add_argument("--trace", type=pathlib.Path, required=True)
    parser.add_argument("--tolerance", type=float, default=1e-3)
    args = parser.parse_args()

    torch.set_grad_enabled(False)
    defaults = json.loads((args.model / "model_index.json").read_text())["_studio"]
    trace = load_file(args.trace)
    pipe = StableDiffusion3Pipeline.from_pretrained(args.model, text_encoder_3=None, tokenizer_3=None, torch_dtype=torch.float32)
    pipe.set_progress_bar_config(disable=True)
    tokens, _, pooled, _ = pipe.encode_prompt(args.prompt, None, None, max_sequence_length=defaults["max_sequence_length"])
    last = {}

    def remember(_, step, timestep, values):
        last["latents"] = values["latents"]
        return values

    image = pipe(
        args.prompt,
        negative_prompt=args.negative_prompt,
        width=defaults["width"],
        height=defaults["height"],
        num_inference_steps=defaults["steps"],
        guidance_scale=defaults["guidance"],
        max_sequence_length=defaults["max_sequence_length"],
        latents=trace["latents.0"].float(),
        output_type="pt",
        callback_on_step_end=remember,
    ).images
    worst = {
        "prompt_embeds": (tokens - trace["prompt_embeds"]).abs().max().item(),
        "pooled_prompt_embeds": (pooled - trace["pooled_prompt_embeds"]).abs().max().item(),
        "latents": (last["latents"] - trace[f"latents.{defaults['steps']}"]).abs().max().item(),
        "image": (image - trace["image"]).abs().max().item(),
    }
    for name, value in worst.items():
        print(f"{name}: largest difference {value:.2e}")
    sys.exit(worst["image"] > args.tolerance)


if __name__ == "__main__":
    main()
