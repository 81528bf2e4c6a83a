"""What gpu.sh runs: the program's and the reference's numbers on one card, part by part, each in a time of its own.

Needs Python 3.9 alone; the parts of diffusers and PEFT run in the Python that --python names or that is set up beside the results.
Writes gpu.json and gpu.txt to --out after every part.
"""

import argparse
import array
import json
import os
import pathlib
import shlex
import shutil
import statistics
import struct
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TRACES = ROOT / "sd3-runtime/src/test/resources/reference/traces"
TINY = ROOT / "sd3-runtime/src/test/resources/reference/tiny-3.0"
LARGEST = {"fp32": 1e-4}
CASES = ["tiny-3.0/t2i", "tiny-3.0/t2i-heun", "tiny-3.5/t2i", "tiny-3.0/t2i-bf16", "tiny-3.0/t2i-fp16"]


class Failed(Exception):
    """Why a part has no result."""


def tensors(path):
    """The float tensors of a safetensors file as lists, without any library."""
    data = pathlib.Path(path).read_bytes()
    (size,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + size])
    found = {}
    for name, about in header.items():
        if name == "__metadata__":
            continue
        start, end = (8 + size + offset for offset in about["data_offsets"])
        raw, kind = data[start:end], about["dtype"]
        if kind == "F32":
            found[name] = array.array("f", raw).tolist()
        elif kind == "F16":
            found[name] = list(struct.unpack(f"<{len(raw) // 2}e", raw))
        elif kind == "BF16":
            wide = b"".join(b"\0\0" + raw[i : i + 2] for i in range(0, len(raw), 2))
            found[name] = array.array("f", wide).tolist()
    return found


class CardMemory(threading.Thread):
    """The most memory in use on the card, as nvidia-smi tells it twice a second."""

    def __init__(self, device):
        super().__init__(daemon=True)
        self.index = device.partition(":")[2] or "0"
        self.peak = None
        self.done = threading.Event()
        self.there = device.startswith("cuda") and shutil.which("nvidia-smi")

    def run(self):
        while self.there and not self.done.wait(0.5):
            told = subprocess.run(["nvidia-smi", "-i", self.index, "--query-gpu=memory.used", "--format=csv,noheader,nounits"],
                                  capture_output=True, text=True)
            if told.returncode == 0:
                self.peak = max(self.peak or 0, int(told.stdout.split()[0]))


class Bench:
    def __init__(self, options):
        self.options = options
        self.device = options.device
        self.out = options.out.resolve()
        self.out.mkdir(parents=True, exist_ok=True)
        self.studio = shlex.split(options.studio)
        self.python = options.python
        self.end = time.monotonic() + 60 * options.minutes
        self.parts = []
        self.model = TINY if options.tiny else self.out / "sd3-medium"
        self.sizes = [64] if options.tiny else [512, 1024]
        self.shape = ["--model-shape", "sd3-medium"] + (["--layers", "2", "--text-tokens", "8"] if options.tiny else [])

    # ---- running

    def run(self, command, seconds, lines=None, environment=None):
        """The standard output of a command, which is ended with its children when its time is over."""
        with open(self.out / "log.txt", "a", encoding="utf-8") as log:
            log.write(f"\n$ {shlex.join(map(str, command))}\n")
            log.flush()
            process = subprocess.Popen([str(c) for c in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
                                       cwd=self.out, env={**os.environ, **(environment or {})}, start_new_session=True)
            try:
                told, _ = process.communicate(lines or "", timeout=max(1, min(seconds, self.end - time.monotonic())))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, 9)
                process.communicate()
                raise Failed("was not done in its time") from None
            log.write(told)
        if process.returncode != 0:
            last = [line for line in (self.out / "log.txt").read_text(encoding="utf-8").splitlines() if line.strip()]
            raise Failed(f"exit {process.returncode}: {last[-1][:200]}")
        return told

    def part(self, name, seconds, work):
        """Runs one part; whatever happens to it is written down. A processor gets more time than a card."""
        seconds *= 4 if self.device == "cpu" else 1
        memory = CardMemory(self.device)
        memory.start()
        begin = time.monotonic()
        entry = {"part": name}
        try:
            if self.end - begin < 5:
                raise Failed("no time was left")
            entry["result"] = work(seconds)
        except (Failed, OSError, ValueError, KeyError, IndexError) as e:
            entry["failed"] = f"{e}" if isinstance(e, Failed) else f"{type(e).__name__}: {e}"
        memory.done.set()
        entry["seconds"] = round(time.monotonic() - begin, 1)
        if memory.peak is not None:
            entry["card_mb"] = memory.peak
        self.parts.append(entry)
        self.write()
        told = entry.get("failed") or json.dumps(entry["result"])
        print(f"{name:<34}{entry['seconds']:>7} s  {'FAILED: ' if 'failed' in entry else ''}{told}", flush=True)

    def write(self):
        about = {"device": self.device, "tiny": self.options.tiny, "card": self.card(), "parts": self.parts}
        (self.out / "gpu.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
        (self.out / "gpu.txt").write_text(table(self.parts), encoding="utf-8")

    def card(self):
        if not self.device.startswith("cuda") or not shutil.which("nvidia-smi"):
            return None
        told = subprocess.run(["nvidia-smi", "--query-gpu=name,driver_version,memory.total", "--format=csv,noheader"], capture_output=True, text=True)
        return told.stdout.strip() or None

    # ---- parts

    def libraries(self, seconds):
        if self.device == "cpu":
            return {"needed": False}
        self.run(self.studio + ["setup", "cuda", "--yes"], seconds)
        told = self.run(self.studio + ["doctor"], 60)
        return {"doctor_names_cuda": "cuda:0" in told}

    def set_up_python(self, seconds):
        if not self.python:
            home = self.out / "python"
            begin = time.monotonic()
            if not (home / "bin/python").exists():
                self.run([sys.executable, "-m", "venv", home], 60)
            self.run([home / "bin/pip", "install", "-q", "--disable-pip-version-check", "-r", HERE / "requirements.txt"],
                     seconds - (time.monotonic() - begin))
            self.python = str(home / "bin/python")
        told = self.run([self.python, "-c", "import torch, diffusers, peft; print(torch.__version__, diffusers.__version__, peft.__version__)"], 60)
        return dict(zip(["torch", "diffusers", "peft"], told.split()[-3:]))

    def golden(self, case, seconds):
        """The reference's picture, step by step, from the same noise: the largest difference, and the one that is allowed."""
        told = json.loads((TRACES / f"{case}.json").read_text(encoding="utf-8"))
        wanted = tensors(TRACES / f"{case}.safetensors")
        command = self.studio + ["generate", "--model", TRACES.parent / told["model"], "--device", self.device,
                                 "--trace", self.out / "trace.safetensors", "--out", self.out / "golden.png"]
        for key, value in told["arguments"].items():
            if isinstance(value, list):
                value = ",".join(map(str, value))
            command += [f"--{key.replace('_', '-')}"] + ([] if value is True else [f"{value}"])
        if "dtype" not in told["arguments"]:
            command += ["--dtype", "fp32"]
        self.run(command, seconds, environment={"NVIDIA_TF32_OVERRIDE": "0"})
        got = tensors(self.out / "trace.safetensors")
        names = [n for n in wanted if n in got and len(wanted[n]) == len(got[n]) and n.split(".")[0] in ("latents", "image")]
        if not names:
            raise Failed(f"the trace has {sorted(got)}, the reference {sorted(wanted)}")
        worst = {}
        for name in names:
            kind = name.split(".")[0]
            worst[kind] = max(worst.get(kind, 0), max(abs(a - b) for a, b in zip(wanted[name], got[name])))
        dtype = told["arguments"].get("dtype", "fp32")
        allowed = {kind: max(LARGEST.get(dtype, 0), told["tolerance"][kind]) for kind in worst}
        if any(not worst[kind] <= allowed[kind] for kind in worst):
            raise Failed(f"differs by {worst}, allowed {allowed}")
        return {"compared": len(names), "worst": worst, "allowed": allowed}

    def step(self, size, dtype, seconds):
        told = self.json(self.studio + ["bench", *self.shape, "--size", size, "--steps", 3 if self.options.tiny else 20, "--warm-up",
                                        1 if self.options.tiny else 5, "--dtype", dtype, "--device", self.device], seconds)
        times = [s["step_ms"] for s in told["steps"]]
        return {"step_ms": middle(times), "load_ms": told.get("load_ms"), "peak_rss_mb": told.get("peak_rss_mb")}

    def adapters(self, training, size, seconds):
        rounds = 2 if self.options.tiny else 7
        command = self.studio + ["adapter", "experiment", "efficiency", "--json", *self.shape, "--size", size, "--rounds", rounds,
                                 "--warm-up", 1, "--kinds", "stan,lora", "--device", self.device,
                                 "--dtype", "fp32" if self.device == "cpu" else "bf16"]
        return self.json(command + (["--training"] if training else []), seconds)

    def json(self, command, seconds):
        told = self.run(command, seconds)
        return json.loads(told[told.index("{") :])

    def write_model(self, seconds):
        if self.options.tiny:
            return {"model": "tiny-3.0"}
        self.run(self.studio + ["bench", "--model-shape", "sd3-medium", "--write-model", self.model, "--tokenizers", TINY, "--dtype", "fp16"],
                 seconds)
        return {"gb": sum(f.stat().st_size for f in self.model.rglob("*") if f.is_file()) / 1e9}

    def train(self, kind, seconds):
        """A training of three steps on eight pictures, for an adapter to draw with."""
        data = self.out / "data"
        size = 32 if self.options.tiny else 512
        begin = time.monotonic()
        if not data.exists():
            self.run(self.studio + ["dataset", "synth", "--out", data, "--count", 8, "--size", size], seconds)
        shape = ["--features", 8, "--k", 2] if kind == "stan" and self.options.tiny else []
        self.run(self.studio + ["train", "--method", kind, *shape, "--data", data, "--model", self.model, "--no-t5", "--steps", 3, "--batch", 1,
                                "--resolution", size, "--samples", 0, "--validate-on", 1, "--cache", self.out / "encoded", "--device",
                                self.device, "--out", self.out / kind], seconds - (time.monotonic() - begin))
        return {"adapter": f"{kind}/adapter"}

    def generate(self, adapters, seconds):
        size = self.sizes[-1] if not self.options.tiny else 32
        command = self.studio + ["generate", "--model", self.model, "--no-t5", "--prompt", "a lighthouse in the snow", "--seed", 1, "--width", size,
                                 "--height", size, "--steps", 3 if self.options.tiny else 28, "--count", 2, "--device", self.device, "--json",
                                 "--out", self.out / ("pictures-" + "-".join(adapters or ["none"]))]
        for kind in adapters:
            command += ["--adapter", self.out / kind / "adapter"]
        begin = time.monotonic()
        self.run(command, seconds)
        return {"two_pictures_s": round(time.monotonic() - begin, 2), "size": size}

    def reference(self, script, size, more, seconds):
        """Steps of diffusers or PEFT, asked for one after the other."""
        if not self.python:
            raise Failed("there is no Python with diffusers")
        count = 3 if self.options.tiny else 20
        dtype = "fp32" if self.device == "cpu" else "bf16"
        told = self.run([self.python, HERE / script, *self.shape, "--size", size, "--dtype", dtype, "--device", self.device,
                         "--warm-up", 1 if self.options.tiny else 5, *more], seconds, lines="\n" * count)
        ready, *steps = told[told.index("ready") :].splitlines()
        return {"step_ms": middle([json.loads(s)["step_ms"] for s in steps]), **json.loads(ready[len("ready") :])}

    def all(self):
        dtype = "fp32" if self.device == "cpu" else "bf16"
        self.part("libraries of the program", 150, self.libraries)
        for case in CASES[:2] if self.options.tiny else CASES:
            self.part(f"golden {case}", 30, lambda s, c=case: self.golden(c, s))
        for size in self.sizes:
            self.part(f"step {size} {dtype}", 60, lambda s, n=size: self.step(n, dtype, s))
        for size in self.sizes:
            self.part(f"steps with adapters {size}", 60, lambda s, n=size: self.adapters(False, n, s))
        self.part(f"training steps {self.sizes[0]}", 60, lambda s: self.adapters(True, self.sizes[0], s))
        self.part("Python with diffusers", 150, self.set_up_python)
        for size in self.sizes:
            self.part(f"diffusers {size}", 45, lambda s, n=size: self.reference("step.py", n, [], s))
        if not self.options.tiny:
            for size in self.sizes:
                self.part(f"diffusers compiled {size}", 75, lambda s, n=size: self.reference("step.py", n, ["--compile"], s))
        self.part(f"PEFT training step {self.sizes[0]}", 45, lambda s: self.reference("train_step.py", self.sizes[0], [], s))
        self.part("model of random weights", 60, self.write_model)
        for kind in ("stan", "lora"):
            self.part(f"training {kind}", 60, lambda s, k=kind: self.train(k, s))
        for adapters in ([], ["stan"], ["lora"]):
            self.part(f"generation {'+'.join(adapters) or 'without adapter'}", 45, lambda s, a=adapters: self.generate(a, s))
        shutil.rmtree(self.out / "sd3-medium", ignore_errors=True)


def middle(times):
    return round(statistics.median(times), 2)


def table(parts):
    lines = [f"{'part':<34}{'seconds':>8}{'card MB':>9}  result"]
    for entry in parts:
        result = entry.get("result", {})
        told = "FAILED: " + entry["failed"] if "failed" in entry else json.dumps(result)
        lines.append(f"{entry['part']:<34}{entry['seconds']:>8}{entry.get('card_mb', '-'):>9}  {told}")
    steps = {e["part"]: e["result"]["step_ms"] for e in parts if "step_ms" in e.get("result", {})}
    for name, ms in steps.items():
        size = name.split()[-1]
        for own, own_ms in steps.items():
            if name.startswith("diffusers") and own.startswith(f"step {size} "):
                lines.append(f"{own} / {name}: {own_ms / ms:.3f}")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--device", default="cuda:0")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("gpu-bench"))
    parser.add_argument("--studio", default=str(ROOT / "studio"), help="the command of the program")
    parser.add_argument("--python", help="a Python with torch, diffusers and peft; one is set up otherwise")
    parser.add_argument("--minutes", type=float, default=10, help="all parts together")
    parser.add_argument("--tiny", action="store_true", help="small shapes, to try the script")
    bench = Bench(parser.parse_args())
    bench.all()
    print("\n" + (bench.out / "gpu.txt").read_text(encoding="utf-8"))
    failed = [e["part"] for e in bench.parts if "failed" in e]
    print(f"failed: {', '.join(failed)}" if failed else "every part has a result")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
