#!/usr/bin/env python3
"""The most memory that commands of the studio take.

    python docs/bench/memory.py --studio ./studio commands.txt

Runs each line of a file as arguments of the studio, one after another, and prints the largest anonymous memory of the process (RssAnon,
read every 20 ms) and the largest resident memory, in GiB. Anonymous memory is what a card would hold too: it leaves out pages of the
model's files, which Linux counts as resident while they are mapped and takes back when it likes. Where weights are computed in another type
than they are stored in, all of them are anonymous. Linux only.
"""
import argparse
import shlex
import subprocess
import time
from pathlib import Path

INTERVAL = 0.02
KIB_IN_GIB = 2**20


def memory(pid):
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return {}
    return {line.split(":")[0]: int(line.split()[1]) / KIB_IN_GIB for line in lines if line.startswith(("RssAnon", "VmRSS"))}


def peaks(command):
    most = {"RssAnon": 0.0, "VmRSS": 0.0}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            for name, value in memory(process.pid).items():
                most[name] = max(most[name], value)
            time.sleep(INTERVAL)
    if process.returncode:
        raise SystemExit(f"{shlex.join(command)} failed")
    return most


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--studio", default="./studio", help="a command that becomes the studio's process (exec)")
    parser.add_argument("commands", type=Path)
    arguments = parser.parse_args()
    for line in arguments.commands.read_text().splitlines():
        if line.strip():
            most = peaks([*shlex.split(arguments.studio), *shlex.split(line)])
            print(f"{most['RssAnon']:.2f} GiB anonymous, {most['VmRSS']:.2f} resident: {line}", flush=True)


if __name__ == "__main__":
    main()
