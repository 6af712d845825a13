# Times of scipy's exact tests, in seconds: name, median of the runs. Called by run.R. Barnard with
# n = 1024 points, the precision nearest to ours; Boschloo with its default of 32, and one-sided, as
# scipy's two-sided p doubles the smaller one-sided p and so is another quantity than ours.
import json
import statistics
import sys
import time

import scipy
from scipy import stats


def median_seconds(call, runs):
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        value = call()
        taken.append(time.perf_counter() - start)
    return {"seconds": statistics.median(taken), "p": float(value)}


def table(x0, n0, x1, n1):
    return [[x0, x1], [n0 - x0, n1 - x1]]


study, level, square = table(211, 458, 19, 117), table(211, 458, 42, 117), table(230, 512, 262, 512)
print(json.dumps({
    "version": scipy.__version__,
    "boschloo_study": median_seconds(lambda: stats.boschloo_exact(study, alternative="greater").pvalue, 3),
    "boschloo_level": median_seconds(lambda: stats.boschloo_exact(level, alternative="greater").pvalue, 3),
    "barnard_study": median_seconds(lambda: stats.barnard_exact(study, n=1024).pvalue, 5),
    "barnard_level": median_seconds(lambda: stats.barnard_exact(level, n=1024).pvalue, 5),
    "barnard_square": median_seconds(lambda: stats.barnard_exact(square, n=1024).pvalue, 1),
    "fisher_study": median_seconds(lambda: stats.fisher_exact(study)[1], 200),
}))
