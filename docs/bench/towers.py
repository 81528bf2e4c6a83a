"""Pictures to features: transformers against `studio embed`, from JPEG files, in images per second.

    python towers.py make FOLDER                       # random ViT-B/32-shaped CLIP, ViT-S/16-shaped DINO, 384 JPEGs of 640 x 480
    python towers.py compare FOLDER --own "./studio"   # both in turn, for every tower and type: median rate, ratio, memory, largest difference

`run` is the part of transformers alone. Rates are those of both after the first batch, in which weights are read.
"""

import argparse
import json
import pathlib
import resource
import shlex
import shutil
import statistics
import subprocess
import sys
import time

import numpy as np
from PIL import Image

TOWERS = {"clip": "clip-b32", "dino": "dino-s16"}


def picture(rng):
    shapes = Image.fromarray(rng.integers(0, 256, (12, 16, 3), dtype=np.uint8)).resize((640, 480), Image.BICUBIC)
    noisy = np.asarray(shapes) + rng.normal(0, 12, (480, 640, 3))
    return Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))


def make(folder, count, tokenizer):
    import torch
    from transformers import CLIPConfig, CLIPImageProcessor, CLIPModel, ViTConfig, ViTImageProcessor, ViTModel

    torch.manual_seed(0)
    clip = CLIPModel(CLIPConfig())
    clip.save_pretrained(folder / "clip-b32")
    CLIPImageProcessor().save_pretrained(folder / "clip-b32")
    for name in ("vocab.json", "merges.txt", "tokenizer_config.json", "special_tokens_map.json"):
        shutil.copy(tokenizer / name, folder / "clip-b32")
    dino = ViTModel(ViTConfig(hidden_size=384, num_attention_heads=6, intermediate_size=1536), add_pooling_layer=False)
    dino.save_pretrained(folder / "dino-s16")
    ViTImageProcessor(resample=3, image_mean=[0.485, 0.456, 0.406], image_std=[0.229, 0.224, 0.225]).save_pretrained(folder / "dino-s16")
    rng = np.random.default_rng(0)
    (folder / "pictures").mkdir(parents=True, exist_ok=True)
    for i in range(count):
        picture(rng).save(folder / "pictures" / f"{i:04}.jpg", quality=90)


def run(folder, tower, dtype, batch, out):
    import torch
    from safetensors.torch import save_file
    from transformers import AutoImageProcessor, CLIPModel, ViTModel

    torch.set_num_threads(2)
    kind = {"fp32": torch.float32, "bf16": torch.bfloat16}[dtype]
    path = folder / TOWERS[tower]
    start = time.perf_counter()
    processor = AutoImageProcessor.from_pretrained(path)
    model = (CLIPModel if tower == "clip" else ViTModel).from_pretrained(path, dtype=kind).eval()
    load = time.perf_counter() - start
    files = sorted((folder / "pictures").glob("*.jpg"))

    @torch.inference_mode()
    def features(part):
        pictures = [Image.open(file).convert("RGB") for file in part]
        pixels = processor(images=pictures, return_tensors="pt")["pixel_values"].to(kind)
        if tower == "clip":
            return model.visual_projection(model.vision_model(pixel_values=pixels).pooler_output).float()
        return model(pixel_values=pixels).last_hidden_state[:, 0].float()

    features(files[:batch])
    start = time.perf_counter()
    rows = torch.cat([features(files[i : i + batch]) for i in range(0, len(files), batch)])
    seconds = time.perf_counter() - start
    save_file({tower: rows.contiguous()}, out)
    print(json.dumps({
        "pictures_per_second": len(files) / seconds,
        "load_seconds": load,
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }))


def difference(a, b, tower):
    from safetensors.numpy import load_file

    x, y = load_file(a)[tower], load_file(b)[tower]
    return float(np.abs(x - y).max() / np.abs(y).max())


def last_line(command):
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return json.loads(answer.strip().splitlines()[-1])


def compare(folder, own, rounds, batch, dtypes):
    mine, theirs = folder / "own.safetensors", folder / "other.safetensors"
    for tower, name in TOWERS.items():
        absent = "dino" if tower == "clip" else "clip"
        for dtype in dtypes:
            pairs = []
            for _ in range(rounds):
                a = last_line([
                    *shlex.split(own), "embed", str(folder / "pictures"), "--" + tower, str(folder / name), "--" + absent, "none",
                    "--dtype", dtype, "--batch", str(batch), "--out", str(mine), "--json",
                ])
                b = last_line([
                    sys.executable, __file__, "run", str(folder), "--tower", tower, "--dtype", dtype, "--batch", str(batch),
                    "--out", str(theirs),
                ])
                pairs.append((a, b))
            rate = lambda side: statistics.median(pair[side]["pictures_per_second"] for pair in pairs)
            memory = lambda side: max(pair[side]["peak_rss_mb"] for pair in pairs)
            ratios = sorted(a["pictures_per_second"] / b["pictures_per_second"] for a, b in pairs)
            print(
                f"{name} {dtype}: studio {rate(0):.1f} images/s, {memory(0):.0f} MB; transformers {rate(1):.1f}, {memory(1):.0f} MB;"
                f" ratio {statistics.median(ratios):.2f} ({ratios[0]:.2f} ... {ratios[-1]:.2f});"
                f" largest difference {difference(mine, theirs, tower):.1e}",
                flush=True,
            )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("make", "run", "compare"))
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=384)
    parser.add_argument("--tokenizer", type=pathlib.Path, default=pathlib.Path("scoring/models/clip-nano"))
    parser.add_argument("--tower", choices=TOWERS, default="clip")
    parser.add_argument("--dtype", choices=("fp32", "bf16"), action="append")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--own", default="./studio")
    parser.add_argument("--out", type=pathlib.Path)
    args = parser.parse_args()
    dtypes = args.dtype or ["fp32", "bf16"]
    if args.what == "make":
        make(args.folder, args.count, args.tokenizer)
    elif args.what == "run":
        run(args.folder, args.tower, dtypes[0], args.batch, args.out)
    else:
        compare(args.folder, args.own, args.rounds, args.batch, dtypes)


if __name__ == "__main__":
    main()
