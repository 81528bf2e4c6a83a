#!/bin/sh
# Measures this program on a CUDA card beside diffusers and PEFT on the same card, in at most ten minutes:
#     docs/bench/gpu.sh                 # --out DIR, --python PYTHON with the libraries of requirements.txt, --minutes N
# Without --python the libraries are installed into an environment of their own. A part that fails is named, and the others go on.
# `--tiny --device cpu` runs every part with small shapes on the processor, which shows that the script works.
set -eu
exec python3 "$(dirname "$0")/gpu.py" "$@"
