"""Interleaved comparison of two step servers: `studio bench --paced` and step.py.

    python compare.py --pairs 9 --own "studio bench --paced ARGS" --other "python step.py ARGS"

Starts both, then asks them in turn (order swapped each time) for one step, and prints the median of the ratios own / other with
min and max. Both processes rest while the other runs. A pair counts only if neither step was disturbed: processor time of everything
else on the machine (from /proc/stat) below --noise of the step's wall time. Needs Linux and an otherwise quiet machine.
"""

import argparse
import json
import os
import shlex
import statistics
import subprocess
import time

TICK = os.sysconf("SC_CLK_TCK")


def busy_seconds():
    fields = [int(x) for x in open("/proc/stat").readline().split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / TICK


class Server:
    def __init__(self, command, environment):
        self.process = subprocess.Popen(
            shlex.split(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **environment}
        )
        self.header = ""
        while not self.header.startswith("ready"):
            self.header = self.process.stdout.readline()
            if not self.header:
                raise SystemExit("ended before it was ready: " + command)

    def step(self):
        before = busy_seconds()
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        times = json.loads(self.process.stdout.readline())
        others = busy_seconds() - before - times["cpu_ms"] / 1e3
        times["noise"] = max(0.0, others - 2 / TICK) / (times["step_ms"] / 1e3)
        return times

    def close(self):
        self.process.stdin.close()
        self.process.stdout.read()
        self.process.wait()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--own", required=True)
    parser.add_argument("--other", required=True)
    parser.add_argument("--own-env", action="append", default=[], metavar="K=V")
    parser.add_argument("--pairs", type=int, default=9)
    parser.add_argument("--most", type=int, default=60, help="give up after so many pairs")
    parser.add_argument("--noise", type=float, default=0.05)
    parser.add_argument("--metric", choices=("step_ms", "cpu_ms"), default="step_ms", help="cpu_ms with one thread bears a busy machine")
    parser.add_argument("--burst", type=int, default=1, help="steps per turn, for short steps")
    args = parser.parse_args()

    own = Server(args.own, dict(e.split("=", 1) for e in args.own_env))
    other = Server(args.other, {})
    ratios, owns, others, dropped = [], [], [], 0

    def turn(server):
        steps = [server.step() for _ in range(args.burst)]
        return sum(s[args.metric] for s in steps) / args.burst, max(s["noise"] for s in steps)

    turn(own), turn(other)
    for i in range(args.most):
        if len(ratios) == args.pairs:
            break
        pair = {}
        for name in ("own", "other") if i % 2 == 0 else ("other", "own"):
            pair[name] = turn(own if name == "own" else other)
        if args.metric == "step_ms" and max(pair["own"][1], pair["other"][1]) > args.noise:
            dropped += 1
            time.sleep(0.5)
            continue
        owns.append(pair["own"][0])
        others.append(pair["other"][0])
        ratios.append(pair["own"][0] / pair["other"][0])
    own.close()
    other.close()
    if not ratios:
        raise SystemExit("every pair was disturbed: try again on a quiet machine")
    print(
        json.dumps(
            {
                "ratio": round(statistics.median(ratios), 3),
                "min": round(min(ratios), 3),
                "max": round(max(ratios), 3),
                "pairs": len(ratios),
                "dropped": dropped,
                "own_ms": round(statistics.median(owns), 1),
                "other_ms": round(statistics.median(others), 1),
            }
        )
    )


if __name__ == "__main__":
    main()
