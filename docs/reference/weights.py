"""Embeddings of weighted and long prompts on the tiny models, by the rule of sd_embed's get_weighted_text_embeddings_sd3.

Written from the rule, not from its code: words of one weight are encoded by themselves, CLIP's tokens go in chunks of 75 with their own
begin and end, a state is multiplied by its token's weight, the chunks of CLIP-L and CLIP-G stand side by side, T5's states below. Where
sd_embed departs from Stable Diffusion 3's own reading this does not: padding is each tokenizer's, T5 reads one sequence with one end that
is padded or cut to its length, weights are not rounded to half precision, the pooled text is the first chunk's, and BREAK begins a chunk.

    python docs/reference/weights.py sd3-runtime/src/test/resources/reference OUT
"""

import json
import pathlib
import sys

import torch
import transformers
from safetensors.torch import save_file
from transformers import CLIPTextModelWithProjection, CLIPTokenizer, T5EncoderModel, T5TokenizerFast

T5_LENGTH = 96
LONG = "paper lanterns above a narrow street, rain on the stones"
# What is typed, and what it means: sections of words and weights.
CASES = {
    "number": ("a (blue:1.3) horse in the rain", [[("a ", 1), ("blue", 1.3), (" horse in the rain", 1)]]),
    "nested": (
        "((storm) at [sea]:1.2) with [[boats]]",
        [[("storm", 1.1 * 1.2), (" at ", 1.2), ("sea", 1 / 1.1 * 1.2), (" with ", 1), ("boats", 1 / 1.1 / 1.1)]],
    ),
    "escaped": (r"three \(red\) pears (\[old\]:0.5)", [[("three (red) pears ", 1), ("[old]", 0.5)]]),
    "break": ("a red door BREAK (fog:1.4), grey", [[("a red door ", 1)], [(" ", 1), ("fog", 1.4), (", grey", 1)]]),
    "long": (
        f"{LONG}, " * 7 + "(oil on canvas:1.25)",
        [[(f"{LONG}, " * 7, 1), ("oil on canvas", 1.25)]],
    ),
    "off": ("(people:0) on a hill", [[("people", 0.0), (" on a hill", 1)]]),
}


def clip_states(folder, which, sections):
    place = "" if which == 1 else "_2"
    tokenizer = CLIPTokenizer.from_pretrained(folder / f"tokenizer{place}")
    network = CLIPTextModelWithProjection.from_pretrained(folder / f"text_encoder{place}", torch_dtype=torch.float32)
    begin, end = tokenizer.bos_token_id, tokenizer.eos_token_id
    room = tokenizer.model_max_length - 2
    rows = []
    for section in sections:
        tokens = [(i, weight) for words, weight in section for i in tokenizer(words).input_ids[1:-1]]
        rows += [tokens[at : at + room] for at in range(0, len(tokens), room)]
    rows = rows or [[]]
    states, pooled = [], []
    for row in rows:
        rest = room - len(row)
        ids = [begin] + [i for i, _ in row] + [end] + [tokenizer.pad_token_id] * rest
        weights = torch.tensor([1.0] + [weight for _, weight in row] + [1.0] * (rest + 1))
        with torch.no_grad():
            result = network(torch.tensor([ids]), output_hidden_states=True)
        states.append(result.hidden_states[-2] * weights[None, :, None])
        pooled.append(result.text_embeds)
    return torch.cat(states, 1), pooled[0]


def t5_states(folder, sections):
    tokenizer = T5TokenizerFast.from_pretrained(folder / "tokenizer_3")
    network = T5EncoderModel.from_pretrained(folder / "text_encoder_3", torch_dtype=torch.float32)
    words = [part for section in sections for part in section]
    tokens = [(i, weight) for text, weight in words for i in tokenizer(text).input_ids[:-1]][: T5_LENGTH - 1]
    rest = T5_LENGTH - 1 - len(tokens)
    ids = [i for i, _ in tokens] + [tokenizer.eos_token_id] + [tokenizer.pad_token_id] * rest
    weights = torch.tensor([weight for _, weight in tokens] + [1.0] * (rest + 1))
    with torch.no_grad():
        states = network(torch.tensor([ids])).last_hidden_state
    return states * weights[None, :, None]


def embed(folder, sections):
    one, pooled_one = clip_states(folder, 1, sections)
    two, pooled_two = clip_states(folder, 2, sections)
    three = t5_states(folder, sections)
    clip = torch.cat([one, two], -1)
    clip = torch.nn.functional.pad(clip, (0, three.shape[-1] - clip.shape[-1]))
    return torch.cat([clip, three], 1), torch.cat([pooled_one, pooled_two], -1)


def main(models, out):
    out.mkdir(parents=True, exist_ok=True)
    for model in ("tiny-3.0", "tiny-3.5"):
        tensors = {}
        for name, (_, sections) in CASES.items():
            plain = [[(words, 1.0) for words, _ in section] for section in sections]
            tokens, pooled = embed(models / model, sections)
            unweighted, _ = embed(models / model, plain)
            assert (tokens - unweighted).abs().max() > 1e-2, name
            tensors |= {f"{name}.prompt_embeds": tokens, f"{name}.pooled": pooled}
        save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, out / f"{model}.safetensors")
    cases = {name: prompt for name, (prompt, _) in CASES.items()}
    (out / "cases.json").write_text(json.dumps({"t5_length": T5_LENGTH, "prompts": cases}, indent=1) + "\n")


if __name__ == "__main__":
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
