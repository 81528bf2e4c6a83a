"""Fifty steps of LoRA on the transformer and the text encoders of the tiny SD3 model by PyTorch, transformers, diffusers and PEFT.

  text_training.py REFERENCE OUT              REFERENCE: sd3-runtime/src/test/resources/reference
  text_training.py REFERENCE ANSWERS ADAPTER  what diffusers does with an adapter that `studio train --text-encoders` wrote

As diffusers' train_dreambooth_lora_sd3.py with --train_text_encoder: prompts are encoded in each step, the gradients of all networks are clipped
together, each network has a learning rate of its own. Writes OUT, a safetensors file: <case>.start.<module>.<tensor>, <case>.end.<module>.<tensor>
and <case>.losses, with the inputs of batch b as b.latents, b.noise and b.sigmas. Case `all` trains all encoders, `dora` the CLIPs with
DoRA, and `rest` the CLIPs, which stay as they are after 20 steps. Results are those of fp32, but of fp64 for DoRA, where
PEFT's fp32 ends 2e-4 away from its fp64. ANSWERS are prompt_embeds and pooled of a prompt and the latents of a picture with the adapter.
"""
import pathlib, sys

import torch, transformers.integrations.peft
from diffusers import StableDiffusion3Pipeline
from peft import LoraConfig, inject_adapter_in_model
from safetensors.torch import save_file

# transformers asks for a newer PEFT for what is not used here.
transformers.integrations.peft.MIN_PEFT_VERSION = "0.0.0"
torch.set_num_threads(1)
reference, out = pathlib.Path(sys.argv[1]), sys.argv[2]
STEPS, BATCHES, LENGTH, DECAY = 50, 4, 12, 0.01
CAPTIONS = ["a green boat near the bridge", "the old town at night", "", "a portrait, oil on canvas"]
RATES = {"transformer": 4e-3, "text_encoder": 2e-3, "text_encoder_2": 1e-3, "text_encoder_3": 5e-4}
CLIP, T5 = ["q_proj", "k_proj", "v_proj", "out_proj"], ["q", "k", "v", "o"]
TARGETS = {"transformer": ["attn.to_q", "attn.to_v"], "text_encoder": CLIP, "text_encoder_2": CLIP, "text_encoder_3": T5}
CASES = {
    "all": (list(TARGETS), {}, STEPS),
    "dora": (["transformer", "text_encoder", "text_encoder_2"], dict(use_dora=True), STEPS),
    "rest": (["transformer", "text_encoder", "text_encoder_2"], {}, 20),
}


def encode(pipe, captions):
    """encode_prompt without its no_grad: CLIPs' states side by side, padded to T5's width, T5's below."""
    states, pooled = [], []
    for tokenizer, encoder in [(pipe.tokenizer, pipe.text_encoder), (pipe.tokenizer_2, pipe.text_encoder_2)]:
        ids = tokenizer(captions, padding="max_length", max_length=pipe.tokenizer_max_length, truncation=True, return_tensors="pt").input_ids
        answer = encoder(ids, output_hidden_states=True)
        states.append(answer.hidden_states[-2])
        pooled.append(answer[0])
    ids = pipe.tokenizer_3(captions, padding="max_length", max_length=LENGTH, truncation=True, add_special_tokens=True, return_tensors="pt").input_ids
    t5 = pipe.text_encoder_3(ids)[0]
    clip = torch.cat(states, -1)
    clip = torch.nn.functional.pad(clip, (0, t5.shape[-1] - clip.shape[-1]))
    return torch.cat([clip, t5], 1), torch.cat(pooled, -1)


def train(name, networks, more, last, dtype, made):
    draw = torch.Generator().manual_seed(11)
    pipe = StableDiffusion3Pipeline.from_pretrained(reference / "tiny-3.0", torch_dtype=torch.float32)
    groups, trained = [], {}
    for network in TARGETS:
        model = getattr(pipe, network)
        model.requires_grad_(False)
        model.eval()
        if network not in networks:
            model.to(dtype)
            continue
        inject_adapter_in_model(LoraConfig(r=3, lora_alpha=4, target_modules=TARGETS[network], **more), model)
        own = {}
        for key, p in model.named_parameters():
            if p.requires_grad:
                key = key.replace("lora_magnitude_vector.default.weight", "lora_magnitude_vector").replace(".default", "")
                own[("" if network == "transformer" else network + ".") + key] = p
        with torch.no_grad():
            for key, p in own.items():
                p.copy_(p * 1.05 if "magnitude" in key else 0.2 * torch.randn(p.shape, generator=draw))
        model.to(dtype)
        groups.append(dict(params=list(own.values()), lr=RATES[network]))
        trained |= own
    start = {key: p.detach().float().clone() for key, p in trained.items()}
    optimizer = torch.optim.AdamW(groups, weight_decay=DECAY)
    losses = []
    for step in range(STEPS):
        if step == last:
            for network in networks[1:]:
                getattr(pipe, network).requires_grad_(False)
            for key, p in trained.items():
                if key.startswith("text_encoder"):
                    p.grad = None
        b = step % BATCHES
        latents, noise, sigmas = (made[f"{b}.{part}"].to(dtype) for part in ("latents", "noise", "sigmas"))
        tokens, pooled = encode(pipe, [CAPTIONS[b], CAPTIONS[(b + 1) % len(CAPTIONS)]])
        s = sigmas.reshape(-1, 1, 1, 1)
        v = pipe.transformer((1 - s) * latents + s * noise, tokens, pooled, sigmas * 1000, return_dict=False)[0]
        loss = ((v - (noise - latents)) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p for p in trained.values() if p.requires_grad], 1.0)
        optimizer.step()
        losses.append(loss.detach().double())
    return torch.stack(losses), start, {key: p.detach().double().clone() for key, p in trained.items()}


@torch.no_grad()
def answer(adapter):
    pipe = StableDiffusion3Pipeline.from_pretrained(reference / "tiny-3.0", torch_dtype=torch.float32)
    prompt = dict(prompt="a green boat near the bridge", negative_prompt="a bridge")
    plain = pipe.encode_prompt(prompt["prompt"], None, None, max_sequence_length=20)
    pipe.load_lora_weights(adapter)
    with_adapter = pipe.encode_prompt(prompt["prompt"], None, None, max_sequence_length=20)
    print("prompt_embeds and pooled change by", *[(with_adapter[i] - plain[i]).abs().max().item() for i in (0, 2)])
    picture = pipe(
        **prompt, width=48, height=32, num_inference_steps=3, guidance_scale=4.0, max_sequence_length=20,
        generator=torch.Generator().manual_seed(7), output_type="latent")
    return dict(prompt_embeds=with_adapter[0], pooled=with_adapter[2], latents=picture.images)


if len(sys.argv) > 3:
    save_file({key: value.contiguous() for key, value in answer(sys.argv[3]).items()}, out)
    sys.exit()
made, draw = {}, torch.Generator().manual_seed(5)
for b in range(BATCHES):
    made[f"{b}.latents"] = torch.randn(2, 16, 4, 4, generator=draw)
    made[f"{b}.noise"] = torch.randn(2, 16, 4, 4, generator=draw)
    made[f"{b}.sigmas"] = torch.rand(2, generator=draw)
for name, (networks, more, last) in CASES.items():
    losses, start, end = train(name, networks, more, last, torch.float32, made)
    exact, _, exact_end = train(name, networks, more, last, torch.float64, made)
    drift = max((end[key] - exact_end[key]).abs().max().item() for key in end)
    moved = {n: max((end[k] - start[k]).abs().max().item() for k in end if k.startswith(n) or n == "transformer" and not k.startswith("text")) for n in networks}
    print(f"{name}: {losses[0]:.5f} to {losses[-1]:.5f}; float32 from float64 {(losses - exact).abs().max():.1e}, weights {drift:.1e}; moved {moved}")
    if name == "dora":
        losses, end = exact, exact_end
    made[f"{name}.losses"] = losses.float()
    made |= {f"{name}.start.{key}": value for key, value in start.items()}
    made |= {f"{name}.end.{key}": value.float() for key, value in end.items()}
save_file({key: value.contiguous() for key, value in made.items()}, out)
