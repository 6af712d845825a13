# Times of scipy, in seconds. Called by scipy.R: peers.py <folder of the data> [quick]. Prints the version, then a
# line a row of the table: work, n, seconds, runs, R, value, how (tab separated; nan where there is none).
import statistics
import sys
import time

import numpy as np
import scipy
from scipy import stats

FOLDER, QUICK = sys.argv[1], "quick" in sys.argv[2:]
RUNS, SECONDS = (2, 0.02) if QUICK else (5, 0.25)


def timed(call):
    start = time.perf_counter()
    value = call()
    return time.perf_counter() - start, value


def show(work, n, seconds, runs, replicates, value, how=""):
    print(work, n, repr(seconds), runs, replicates, repr(float(value)), how, sep="\t")


# --- exact tests of two proportions: Barnard with n = 1024 points, the precision nearest to ours; Boschloo with its
# default of 32, and one-sided, as scipy's two-sided p doubles the smaller one-sided p and so is another quantity than
# ours.

def table(x0, n0, x1, n1):
    return [[x0, x1], [n0 - x0, n1 - x1]]


STUDY, LEVEL, SQUARE = table(211, 458, 19, 117), table(211, 458, 42, 117), table(230, 512, 262, 512)


def test(work, counts, call, runs):
    done = [timed(lambda: call(counts)) for _ in range(runs)]
    size = sum(map(sum, counts))
    show(work, size, statistics.median(seconds for seconds, _ in done), runs, "nan", done[0][1])


def proportions():
    def boschloo(counts):
        return stats.boschloo_exact(counts, alternative="greater").pvalue

    def barnard(counts):
        return stats.barnard_exact(counts, n=1024).pvalue

    test("fisher_study", STUDY, lambda counts: stats.fisher_exact(counts)[1], 200)
    test("barnard_study", STUDY, barnard, 1 if QUICK else 5)
    if not QUICK:
        test("boschloo_study", STUDY, boschloo, 3)
        test("boschloo_level", LEVEL, boschloo, 3)
        test("barnard_level", LEVEL, barnard, 5)
        test("barnard_square", SQUARE, barnard, 1)


# --- resampling -------------------------------------------------------------------------------------------------

def mean_difference(a, b, axis=-1):
    return np.mean(b, axis=axis) - np.mean(a, axis=axis)


def median_difference(a, b, axis=-1):
    return np.median(b, axis=axis) - np.median(a, axis=axis)


def bootstrap(groups, statistic, replicates, batch):
    return stats.bootstrap(groups, statistic, n_resamples=replicates, batch=batch, vectorized=True, paired=False,
                           method="percentile", random_state=np.random.default_rng(1)).standard_error


def permutation(groups, statistic, replicates, batch):
    return stats.permutation_test(groups, statistic, n_resamples=replicates, batch=batch, vectorized=True,
                                  permutation_type="independent", alternative="greater",
                                  random_state=np.random.default_rng(1)).pvalue


# As in timing.R: a long run less a short one, so that what is done once a call does not count.
FEW = 2


def shorter(call):
    return min(timed(call)[0] for _ in range(2))


# How many replicates last SECONDS more than a few do, and how long one takes, about.
def enough(run):
    run(FEW)
    short = shorter(lambda: run(FEW))
    replicates = FEW + 1
    while True:
        replicates = FEW + (replicates - FEW) * 4
        more = shorter(lambda: run(replicates)) - short
        if more >= SECONDS / 4:
            each = more / (replicates - FEW)
            return max(replicates, FEW + round(SECONDS / each)), each


def per_replicate(run, replicates):
    times = [timed(lambda: run(replicates))[0] - timed(lambda: run(FEW))[0] for _ in range(RUNS)]
    return statistics.median(times) / (replicates - FEW)


# scipy's default puts all replicates into one batch; its documentation offers smaller ones where memory is short, and
# they can be faster. Both the default and the quickest are timed.
def resampling(work, n, groups, call, statistic):
    def run_with(batch):
        return lambda replicates: call(groups, statistic, replicates, batch)

    tried = {batch: enough(run_with(batch)) for batch in (None, 10, 100, 1000) if batch is None or batch * n <= 2e6}
    best = min(tried, key=lambda batch: tried[batch][1])
    for batch in dict.fromkeys((None, best)):
        run, replicates = run_with(batch), tried[batch][0]
        show(work, n, per_replicate(run, replicates), RUNS, replicates, run(replicates),
             "default batch" if batch is None else f"batch = {batch}")


def main():
    print("scipy", scipy.__version__, sep="\t")
    proportions()
    for n in (575, 100000):
        groups = tuple(np.loadtxt(f"{FOLDER}/values_{n}_{group}.txt") for group in "ab")
        resampling("bootstrap_mean", n, groups, bootstrap, mean_difference)
        resampling("bootstrap_median", n, groups, bootstrap, median_difference)
        resampling("permutation_mean", n, groups, permutation, mean_difference)


main()
