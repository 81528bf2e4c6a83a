"""Kendall's tau-b by scipy, of drawn numbers with many ties.

    python docs/reference/agreement.py scoring/src/test/resources/dev/stanstudio/scoring/metric/kendall.json
"""

import json
import pathlib
import random
import sys

from scipy.stats import kendalltau

draw = random.Random(4)
cases = []
for size in (2, 3, 4, 5, 8, 20):
    for values in (2, 3, 1000):
        a = [draw.randrange(values) / 8 for _ in range(size)]
        b = [draw.randrange(values) / 8 for _ in range(size)]
        tau = kendalltau(a, b).statistic
        cases.append({"a": a, "b": b, "tau": None if tau != tau else tau})
pathlib.Path(sys.argv[1]).write_text(json.dumps(cases, indent=1) + "\n", encoding="utf-8")
