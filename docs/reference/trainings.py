"""Public implementations on the values that TrainingEstimateTest makes: mean, standard error, p.

    python -m venv venv && venv/bin/pip install -r docs/reference/recount-requirements.txt
    venv/bin/python docs/reference/trainings.py
"""

import math

import numpy
import pandas
import statsmodels.api as sm
import statsmodels.formula.api as smf
from scipy import stats

TRAININGS, PROMPTS = 5, 40

rows = [
    (t, p, 0.3 * math.sin(7 * t + 1) + 0.5 * math.sin(3 * p + 2) + math.sin(11 * t * t + 5 * p + t * p) + 0.2)
    for t in range(TRAININGS)
    for p in range(PROMPTS)
]
table = pandas.DataFrame(rows, columns=["training", "prompt", "value"])
ones = numpy.ones(len(table))
two_way = sm.OLS(table["value"], ones).fit(
    cov_type="cluster", cov_kwds={"groups": table[["training", "prompt"]].to_numpy(), "use_correction": True}
)
print("OLS, clustered by training and prompt: mean %.6f, standard error %.6f" % (two_way.params.iloc[0], two_way.bse.iloc[0]))
one_way = sm.OLS(table["value"], ones).fit(cov_type="cluster", cov_kwds={"groups": table["training"].to_numpy()})
print("OLS, clustered by training: standard error %.6f" % one_way.bse.iloc[0])
means = table.groupby("training")["value"].mean()
print("t of the trainings' means: t %.6f, p %.6f, deviation %.6f" % (*stats.ttest_1samp(means, 0), means.std()))
mixed = smf.mixedlm(
    "value ~ 1", table, groups=ones, vc_formula={"training": "0 + C(training)", "prompt": "0 + C(prompt)"}
).fit(reml=True)
print("mixed model, both random: mean %.6f, standard error %.6f" % (mixed.params["Intercept"], mixed.bse["Intercept"]))
