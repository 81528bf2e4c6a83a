#!/usr/bin/env python3
"""Replays recorded calls of the programs (*.ts.py) on a card that is not there.

    java -Dstudio.record.calls=calls.jsonl -cp web/target/web.jar dev.stanstudio.web.Studio generate --device cuda ...
    python docs/reference/device_check.py calls.jsonl --report docs/reference/device-check

While it is recorded the program believes that it has a card and computes on the CPU. Here every call runs again, under PyTorch's
FakeTensorMode, with the device that was asked for: tensors know their device, type and shape and hold no numbers. Each argument is
the result of the earlier call that made it, so a tensor that was left on the CPU meets the card's where it would meet them on a real one.

Named are: devices that do not fit, results that are not of the recorded type and shape, copies between host and card (with the line of
the program), operators without a CUDA kernel, and methods and lines that no call reached. The end is 1 if anything of this is a fault.
"""

import argparse
import collections
import contextlib
import io
import json
import re
import sys
import warnings
import zipfile

import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils._python_dispatch import TorchDispatchMode

CARD = "cuda:0"

# Autograd's engine asks CUDA for its streams, so gradients cannot be taken on a card that is not there. Calls are replayed twice: on the
# card, where this takes the place of torch.grad, and once more on PyTorch's device without memory, with real gradients.
NO_GRADIENTS = """
def stand_in_gradients(self, inputs: List[Tensor]) -> List[Optional[Tensor]]:
  gradients = annotate(List[Optional[Tensor]], [])
  for x in inputs:
    gradients = torch.append(gradients, annotate(Optional[Tensor], torch.zeros_like(torch.detach(x))))
  return gradients
"""
GRADIENTS = re.compile(r"torch\.grad\((\[\w+\]|\w+), (torch\.add\(\w+, \w+\)|\w+), .*\)")
HEAD = "class K(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n"
MODULE = b"\x80\x02c__torch__\nK\n)\x81}(X\x08\x00\x00\x00training\x89ub."

# Texts of which a card runs nothing: Kernels.java and Processor.java choose them for the CPU alone.
CPU_ONLY = {"kernels-onednn.ts.py", "bf16-tiles.ts.py", "bf16-vectors.ts.py", "products-widened.ts.py"}

# Methods that only those call: a card takes a batch whole.
CPU_ONLY_METHODS = {("mmdit.ts.py", "row")}

# Methods whose purpose is to pass something from the host to the card or back, and why no other copies.
HOST = {
    "core.ts.py": {
        "host_floats": "numbers for Java",
        "host_longs": "numbers for Java",
        "host_bytes": "numbers for Java",
        "move": "weights, inputs",
        "parameter": "weights to train",
        "pick_rows": "rows of an embedding that stays on the CPU",
        "all_finite": "one answer for Java: are all numbers finite",
    },
    "hooks.ts.py": {"beside": "masks of a training, once"},
    "sampling.ts.py": {"latent_mask": "the mask of a picture", "latent_levels": "the mask of a picture"},
    "vae.ts.py": {"from_bytes": "the picture to start from"},
    "vae-loss.ts.py": {"pictures": "pictures of a batch"},
    "contrast.ts.py": {"pixels": "pictures of a batch", "loss": "targets of a batch"},
    "dino.ts.py": {"unit_pixels": "pictures of a batch", "view": "what is cut out of each"},
}

# A denoising step begins with the first, a training step ends with one of the others.
STEPS = ("conditioning", "adamw", "muon")

# Methods that run on the CPU alone: Java's memory, files, PyTorch's CPU generator.
ON_CPU = {"core.ts.py": {"unwritten", "generator", "uniform", "normal", "host_floats", "host_longs", "host_bytes"}}


def archive(text):
    """The zip that torch.jit.load reads, as ScriptArchive.java writes it."""
    source = HEAD + "".join("  " + line + "\n" for line in text.splitlines())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as z:
        for name, content in [("data.pkl", MODULE), ("code/__torch__.py", source.encode()), ("constants.pkl", b"\x80\x02)."),
                              ("version", b"10\n"), ("byteorder", b"little")]:
            z.writestr("k/" + name, content)
    out.seek(0)
    return out


class Lines:
    """The lines of all texts, which of them ran, and which runs now: each line prints its number before it runs."""

    def __init__(self):
        self.places = []
        self.numbers = {}
        self.reached = set()
        self.now = None

    def marked(self, text):
        out, path, number, method = [], "?", 0, None
        for line in text.splitlines():
            found = re.fullmatch(r"# (\S+\.ts\.py)", line)
            if found:
                path, number, method = found[1], 0, None
            else:
                number += 1
            defined = re.match(r"def (\w+)\(", line)
            if defined:
                method = defined[1]
                out.append(line)
                continue
            code = line.strip()
            if line.startswith(" ") and code and not re.match(r"#|else:|elif ", code):
                indent = line[: len(line) - len(line.lstrip())]
                out.append(f'{indent}print("{self.number((path, method, code, number))}")')
            out.append(line)
        return "\n".join(out)


    def number(self, place):
        if place not in self.numbers:
            self.numbers[place] = len(self.places)
            self.places.append(place)
        return self.numbers[place]

    def write(self, text):
        for word in text.split():
            self.now = self.places[int(word)]
            self.reached.add(self.now)

    def reach(self, method):
        """Counts the lines of a method that is not run here."""
        self.reached.update(place for place in self.places if place[1] == method)

    def flush(self):
        pass


def tensors_in(value):
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, (list, tuple)):
        for v in value:
            yield from tensors_in(v)
    elif isinstance(value, dict):
        yield from tensors_in(list(value.values()))


class Watch(TorchDispatchMode):
    """Sees every operator: which the card needs, and what passes between host and card."""

    def __init__(self, lines, card):
        super().__init__()
        self.lines = lines
        self.card = card
        self.operators = {}
        self.copies = collections.Counter()
        self.in_step = collections.Counter()

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        if func is torch.ops.aten._local_scalar_dense.default:
            self.copied("waits for a number", args[0].device.type, "cpu")
            return True if args[0].dtype == torch.bool else 1
        before = {t.device.type for t in tensors_in([args, kwargs]) if t.dim() or t.device.type == self.card}
        result = func(*args, **kwargs)
        after = {t.device.type for t in tensors_in(result)}
        if self.card in before | after:
            self.operators.setdefault(func, self.lines.now)
        if len(after) == 1 and before - after:
            self.copied(str(func), before.pop() if len(before) == 1 else "both", after.pop())
        return result

    def copied(self, what, source, target):
        if self.card in (source, target):
            self.copies[(self.lines.now, what, f"{source} -> {target}")] += 1
            self.in_step[self.lines.now[:2]] += 1

    def without_kernel(self):
        """Operators that neither have a CUDA kernel nor are made of others that do."""
        has = torch._C._dispatch_has_kernel_for_dispatch_key
        keys = ["CUDA", "CompositeImplicitAutograd", "CompositeExplicitAutograd", "CompositeExplicitAutogradNonFunctional"]
        return {
            func.name(): place
            for func, place in self.operators.items()
            if not func.name().startswith("prim::") and not any(has(func.name(), key) for key in keys)
        }


class Replay:
    """The calls of one or more recordings on the device `card`."""

    def __init__(self, card):
        self.card = card
        self.lines = Lines()
        self.watch = Watch(self.lines, card.split(":")[0])
        self.programs = {}
        self.steps = collections.defaultdict(list)
        self.values = {}
        self.faults = collections.Counter()
        self.calls = 0
        self.names = {}

    def run(self, file):
        with FakeTensorMode() as mode, self.watch, contextlib.redirect_stdout(self.lines):
            for line in file:
                self.step(json.loads(line), mode)

    def step(self, entry, mode):
        if "program" in entry:
            self.names[entry["program"]] = entry["name"]
            text = self.lines.marked(entry["text"])
            if self.card == CARD:
                text = GRADIENTS.sub(r"self.stand_in_gradients(\2)", text) + NO_GRADIENTS
            self.programs[entry["program"]] = torch.jit.load(archive(text))
        elif "call" in entry:
            self.call(entry)
        elif "tuple" in entry:
            for number, value in zip(entry["elements"], self.values.pop(entry["tuple"])):
                self.values[number] = value
        elif "list" in entry:
            self.values[entry["list"]] = [self.values[n] for n in entry["of"]]
        else:
            self.values.pop(entry["closed"], None)

    def argument(self, described):
        (kind, value), = described.items()
        if kind == "text" and value.startswith("cuda:"):
            return self.card
        return self.values[value] if kind == "value" else value

    def call(self, entry):
        self.calls += 1
        program, method = self.names[entry["call"]], entry["method"]
        if method in STEPS:
            self.steps[method].append(self.watch.in_step)
            self.watch.in_step = collections.Counter()
        arguments = [self.argument(a) for a in entry["arguments"]]
        self.lines.now = (program, method, "", 0)
        try:
            result = self.result(entry, arguments)
            if method != "take_recorded":  # whose result comes from the record
                self.compare(entry, result, arguments)
        except Exception as e:  # whatever goes wrong is what this script is for
            said = str(e).strip().splitlines()
            self.fault(entry, f"{type(e).__name__}: {said[-1] if said else ''}")
            result = self.stand_in(entry)
        self.values[entry["result"]] = result

    def result(self, entry, arguments):
        program, method = self.names[entry["call"]], entry["method"]
        if method == "take_recorded":
            # The program appends to the list that it was given; Python gave it a copy, so what is in it comes from the record.
            self.lines.reach(method)
            return self.stand_in(entry)
        if method == "append_adapter":
            # It changes the lists that it was given, of which Python gave it copies.
            block, layer, *settings = arguments
            with torch.set_grad_enabled(entry["gradients"]):
                self.programs[entry["call"]]._c._get_method(method)(*arguments)
            form, selection, decoder, first_rows, features, active, revived, groups, scales, encoders, decoders, gates = settings
            parts = [(list(numbers), scale) for *numbers, scale in zip(first_rows, features, active, revived, groups, scales)]
            block[layer].append(([form, selection, decoder], parts, encoders, decoders, gates))
            return len(block[layer])
        with torch.set_grad_enabled(entry["gradients"]):
            return self.programs[entry["call"]]._c._get_method(method)(*arguments)

    def compare(self, entry, result, arguments):
        told = entry["is"]
        if "dtype" in told or "tensors" in told:
            results = [result] if "dtype" in told else result
            found = [(t.dtype, list(t.shape)) for t in results]
            wanted = [(dtype_of(t["dtype"]), t["shape"]) for t in told.get("tensors", [told])]
            if found != wanted:
                self.fault(entry, f"answers {found} on the card, {wanted} on the CPU")
        elif "number" in told and entry["method"] != "all_finite" and result != told["number"]:
            self.fault(entry, f"answers {result} on the card, {told['number']} on the CPU")
        elif "numbers" in told and list(result) != told["numbers"]:
            self.fault(entry, f"answers {result} on the card, {told['numbers']} on the CPU")
        self.compare_devices(entry, result, arguments)

    def compare_devices(self, entry, result, arguments):
        given = {t.device.type for t in tensors_in(arguments)}
        asked = [a for a in arguments if isinstance(a, str) and a in ("cpu", self.card)]
        card = self.card.split(":")[0]
        wanted = asked[-1].split(":")[0] if asked else card if card in given else "cpu"
        if entry["method"] in ON_CPU.get(self.names[entry["call"]], ()):
            wanted = "cpu"
        for t in tensors_in(result):
            if t.device.type != wanted:
                self.fault(entry, f"answers on {t.device} where {wanted} is asked for")
                break

    def stand_in(self, entry):
        told = entry["is"]
        if "dtype" in told:
            return self.empty(told)
        if "tensors" in told:
            return [self.empty(t) for t in told["tensors"]]
        return told.get("number", told.get("numbers", []))

    def empty(self, told):
        return torch.empty(told["shape"], dtype=dtype_of(told["dtype"]), device=self.card)

    def fault(self, entry, text):
        path, method, code, number = self.lines.now
        self.faults[f"{self.names[entry['call']]} {entry['method']}: {text} [{path}:{number} {code}]"] += 1

    def coverage(self):
        """Methods by text with the calls from Java, the lines reached, and those not."""
        texts = collections.defaultdict(lambda: {"methods": collections.OrderedDict()})
        for path, method, code, number in self.lines.places:
            reached = (path, method, code, number) in self.lines.reached
            counts = texts[path]["methods"].setdefault(method, {"lines": 0, "reached": 0, "missing": []})
            counts["lines"] += 1
            counts["reached"] += reached
            if not reached:
                counts["missing"].append(f"{number}: {code}")
        return texts

    def syncs(self):
        """Copies between host and card, apart from those of the methods whose purpose they are."""
        found = []
        for (place, what, way), times in sorted(self.watch.copies.items(), key=str):
            path, method, code, number = place
            name = path.split("/")[-1]
            found.append({"at": f"{name}:{number}", "method": method, "line": code, "what": what, "way": way, "times": times,
                          "purpose": HOST.get(name, {}).get(method)})
        return found


NUMBER_TYPES = [torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.float16, torch.float32, torch.float64, None, None,
                None, torch.bool, None, None, None, torch.bfloat16, None, None, None, None, None, None, None, torch.float8_e5m2,
                torch.float8_e4m3fn]


def dtype_of(number):
    return NUMBER_TYPES[number]


def report(replay, gradients):
    replay.lines.reached |= gradients.lines.reached
    coverage = replay.coverage()
    without = gradients.watch.without_kernel() | replay.watch.without_kernel()
    texts = []
    for path in sorted(coverage):
        name = path.split("/")[-1]
        methods = coverage[path]["methods"]
        texts.append({
            "text": path,
            "cpu_only": name in CPU_ONLY,
            "methods": sum(1 for m in methods if (name, m) not in CPU_ONLY_METHODS),
            "reached": sum(1 for m in methods.values() if m["reached"]),
            "lines": sum(m["lines"] for m in methods.values()),
            "lines_reached": sum(m["reached"] for m in methods.values()),
            "not_reached": [m for m, c in methods.items() if not c["reached"] and (name, m) not in CPU_ONLY_METHODS],
            "lines_not_reached": [line for c in methods.values() if c["reached"] for line in c["missing"]],
        })
    return {
        "torch": torch.__version__.split("+")[0],
        "calls": replay.calls,
        "programs": len(replay.programs),
        "texts": texts,
        "faults": [{"what": k, "times": n} for k, n in sorted((replay.faults + gradients.faults).items())],
        "copies": replay.syncs(),
        "in_each_step": {step: least(copies) for step, copies in sorted(replay.steps.items()) if len(copies) > 1},
        "without_cuda_kernel": {k: f"{v[0].split('/')[-1]}:{v[3]}" for k, v in sorted(without.items())},
        "operators": sorted(f.name() for f in replay.watch.operators),
        "operators_of_gradients": sorted(f.name() for f in gradients.watch.operators.keys() - replay.watch.operators.keys()),
    }


def least(steps):
    """What passes between host and card from one step to the next, in the step with the fewest such copies."""
    fewest = min(steps[1:], key=lambda copies: copies.total())
    return {f"{path.split('/')[-1]} {method}": n for (path, method), n in sorted(fewest.items())}


def failures(r):
    wrong = [f"fault: {f['what']} ({f['times']} times)" for f in r["faults"]]
    wrong += [f"no CUDA kernel: {name} at {place}" for name, place in r["without_cuda_kernel"].items()]
    wrong += [f"copy: {c['at']} {c['method']}: {c['line']} ({c['what']}, {c['way']})" for c in r["copies"] if not c["purpose"]]
    for t in r["texts"]:
        if not t["cpu_only"]:
            wrong += [f"not reached: {t['text']} {m}" for m in t["not_reached"]]
    return wrong


def table(r):
    out = [f"{r['calls']} calls of {r['programs']} programs, torch {r['torch']}: {len(r['operators'])} operators on the card, {len(r['operators_of_gradients'])} more for gradients, "
           f"{len(r['without_cuda_kernel'])} without a kernel for it, {len(r['faults'])} faults", "",
           f"{'text':<58}{'methods':>10}{'lines':>12}"]
    for t in r["texts"]:
        if t["cpu_only"]:
            out.append(f"{t['text']:<58}{'CPU only':>10}")
        else:
            out.append(f"{t['text']:<58}{t['reached']:>5}/{t['methods']:<4}{t['lines_reached']:>7}/{t['lines']:<4}")
            out += [f"    line not reached  {line}" for line in t["lines_not_reached"]]
    out += ["", "Between host and card:"]
    out += [f"  {c['at']:<26}{c['method']:<18}{c['way']:<14}{c['times']:>7}  {c['purpose'] or 'NOT MEANT'}" for c in r["copies"]]
    for step, copies in r["in_each_step"].items():
        out.append(f"  from one {step} to the next at least: {copies or 'nothing'}")
    return "\n".join(out)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("calls", nargs="+", help="files that studio.record.calls named")
    parser.add_argument("--report", help="write NAME.json and NAME.txt")
    arguments = parser.parse_args()
    if not torch.version.cuda:
        sys.exit("this PyTorch is built without CUDA; the check needs one that knows CUDA's kernels, and no card")
    warnings.simplefilter("ignore", FutureWarning)  # torch.jit.load is deprecated in newer versions than the program's
    torch._C._jit_set_profiling_executor(False)
    torch._C._set_graph_executor_optimize(False)
    replays = [Replay(CARD), Replay("meta")]
    for name in arguments.calls:
        for replay in replays:
            replay.values = {}
            with open(name, encoding="utf-8") as file:
                replay.run(file)
    r = report(*replays)
    wrong = failures(r)
    text = table(r) + "\n\n" + ("\n".join(wrong) or "Nothing is wrong.") + "\n"
    print(text, end="")
    if arguments.report:
        with open(arguments.report + ".json", "w", encoding="utf-8") as out:
            json.dump(r, out, indent=1)
            out.write("\n")
        with open(arguments.report + ".txt", "w", encoding="utf-8") as out:
            out.write(text)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
