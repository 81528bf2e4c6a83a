"""What torch and the package gguf answer about weights of few bits, for the tests of sd3-runtime.

    python docs/reference/quantised.py sd3-runtime/src/test/resources

writes dev/stanstudio/sd3/checkpoint/quantised.safetensors (matrices, their int8 and fp8 forms and what these are widened to) and
dev/stanstudio/sd3/model/gguf/: the transformer of tiny-3.0 as a GGUF file of many types, with the SHA-256 of every widened
tensor under the name that diffusers gives it, and blocks of random bytes of every type with what they are widened to.
"""
import hashlib
import json
import sys
from pathlib import Path

import gguf
import numpy as np
import torch
from gguf import GGMLQuantizationType as T
from safetensors.numpy import save_file as save_numpy
from safetensors.torch import save_file


def matrices():
    torch.manual_seed(20)
    w = torch.randn(8, 64)
    # halves between whole numbers, at a scale of 1
    w[1] = torch.arange(64) - 32 + 0.5
    w[1, 0] = 127
    w[2] = 0
    # halves between numbers of e4m3, at a scale of 1
    w[3] = torch.tensor([448, 17, 19, 21, 2**-10, 3 * 2**-10, 1.0625, 1.1875, -17, -19, -432, 416, 400, 232, 1e-3, 0] * 4)
    # a scale that is not normal, so that the quotients pass the largest number
    w[4] = torch.linspace(-1, 1, 64) * 2e-43
    w[5] = torch.linspace(-1, 1, 64) * 3e38
    w[6] = torch.randn(64) ** 5
    w[7] = 0
    w[7, 9] = 1e-45
    return w


def scale_of(w, n):
    scale = w.abs().amax(1, keepdim=True) / n
    scale[scale == 0] = 1
    return scale


def quantised(out):
    tensors = {}
    for name, w in {"fp32": matrices(), "fp16": torch.randn(5, 33).half(), "bf16": torch.randn(5, 33).bfloat16()}.items():
        tensors[name] = w
        wide = w.float()
        scale = scale_of(wide, 127)
        q = (wide / scale).round().clamp(-127, 127).to(torch.int8)
        tensors |= {f"{name}.int8": q, f"{name}.int8.scale": scale, f"{name}.int8.wide": q.float() * scale}
        scale = scale_of(wide, 448)
        q = (wide / scale).clamp(-448, 448).to(torch.float8_e4m3fn)
        tensors |= {f"{name}.fp8": q, f"{name}.fp8.scale": scale, f"{name}.fp8.wide": q.float() * scale}
    out.mkdir(parents=True, exist_ok=True)
    save_file(tensors, out / "quantised.safetensors")


sys.path.insert(0, str(Path(__file__).parent))


def original(resources):
    """The transformer of tiny-3.0 under the original names, in fp32."""
    import originals

    stored = originals.transformer(originals.tensors(resources / "reference" / "tiny-3.0" / "transformer"))
    return {name.removeprefix(originals.MMDIT): w.float().numpy() for name, w in stored.items()}


def hashes(wide):
    """Of each tensor's bytes in fp32, under diffusers' names."""
    from diffusers.loaders import single_file_utils

    named = single_file_utils.convert_sd3_transformer_checkpoint_to_diffusers({k: torch.from_numpy(w) for k, w in wide.items()})
    return {k: hashlib.sha256(w.contiguous().numpy().tobytes()).hexdigest() for k, w in sorted(named.items())}


# The package quantises to these; of the others it reads alone.
WRITTEN = [T.Q8_0, T.Q5_0, T.Q5_1, T.Q4_0, T.Q4_1, T.F16, T.BF16]
BLOCKS = [T.Q8_0, T.Q5_0, T.Q5_1, T.Q4_0, T.Q4_1, T.Q4_K, T.Q5_K, T.Q6_K]
# Bytes of a block at which a half-precision number begins.
HALVES = {T.Q8_0: [0], T.Q5_0: [0], T.Q5_1: [0, 2], T.Q4_0: [0], T.Q4_1: [0, 2], T.Q4_K: [0, 2], T.Q5_K: [0, 2], T.Q6_K: [208]}


def blocks(kind, rows, columns, random):
    """Rows of random blocks, their half-precision numbers between -2 and 2."""
    numbers, size = gguf.GGML_QUANT_SIZES[kind]
    raw = random.integers(0, 256, (rows * columns // numbers, size), dtype=np.uint8)
    for at in HALVES[kind]:
        raw[:, at : at + 2] = random.uniform(-2, 2, len(raw)).astype(np.float16).view(np.uint8).reshape(-1, 2)
    return raw.reshape(rows, -1)


def write(path, tensors, architecture="sd3"):
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_quantization_version(2)
    writer.add_array("comfy.gguf.orig_shape.nothing", [1, 2])
    writer.add_array("some.words", ["one", "two"])
    for name, (raw, kind) in tensors.items():
        writer.add_tensor(name, raw, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def gguf_files(resources, out):
    out.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(20)
    file, wide = {}, {}
    for number, (name, w) in enumerate(original(resources).items()):
        kind = T.F32
        if w.ndim == 2 and name.endswith("weight"):
            # rows of 256 numbers go through the types of larger blocks
            kind = [T.Q4_K, T.Q5_K, T.Q6_K][number % 3] if w.shape[1] % 256 == 0 else WRITTEN[number % len(WRITTEN)]
            kind = T.F16 if w.shape[1] % 32 else kind
        if kind in (T.Q4_K, T.Q5_K, T.Q6_K):
            raw = blocks(kind, *w.shape, random)
            # small, as weights are
            numbers, size = gguf.GGML_QUANT_SIZES[kind]
            flat = raw.reshape(-1, size)
            for at in HALVES[kind]:
                flat[:, at : at + 2] = (flat[:, at : at + 2].copy().view(np.float16) / 2000).view(np.uint8)
        else:
            raw = gguf.quantize(w, kind)
        # llama.cpp's tools drop axes of 1 at the front
        file[name] = (raw[0] if name == "pos_embed" else raw, kind)
        wide[name] = gguf.dequantize(raw, kind).reshape(w.shape).astype(np.float32)
    write(out / "tiny-3.0.gguf", file)
    (out / "tiny-3.0.json").write_text(json.dumps(hashes(wide), indent=1) + "\n")
    every, widened = {}, {}
    for kind in BLOCKS:
        raw = blocks(kind, 3, 512, random)
        every[kind.name] = (raw, kind)
        widened[kind.name] = gguf.dequantize(raw, kind)
    for kind in (T.F32, T.F16, T.BF16):
        raw = gguf.quantize(random.normal(size=(3, 10)).astype(np.float32), kind)
        every[kind.name] = (raw, kind)
        widened[kind.name] = gguf.dequantize(raw, kind)
    write(out / "types.gguf", every)
    save_numpy(widened, out / "types.safetensors")


if __name__ == "__main__":
    resources = Path(sys.argv[1])
    quantised(resources / "dev/stanstudio/sd3/checkpoint")
    gguf_files(resources, resources / "dev/stanstudio/sd3/model/gguf")
