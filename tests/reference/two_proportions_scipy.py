"""p-values and intervals of two proportions from SciPy, for
tests/testthat/test-compare_proportions-twins.R.

Made with scipy 1.10.1, numpy 1.24.2, Python 3.11.2 (Debian 12: python3-scipy).
  /usr/bin/python3 tests/reference/two_proportions_scipy.py > tests/testthat/fixtures/two_proportions_scipy.csv

SciPy's tables have the groups as columns, [[x1, x2], [n1 - x1, n2 - x2]], and its alternative "less"
says p1 < p2 for the columns 1, 2. Here column 1 is the other group and column 2 the reference, so that
"less" is "less" of other minus reference.
"""
import sys
import warnings

import scipy
from scipy import stats
from scipy.stats.contingency import odds_ratio, relative_risk

assert scipy.__version__ == "1.10.1", scipy.__version__
warnings.simplefilter("error")

# x1, n1 (other), x0, n0 (reference). The first two are Ma 2025 (doi:10.4143/crt.2024.1200).
TABLES = [
    (13, 68, 6, 49),
    (19, 117, 211, 458),
    (7, 34, 1, 34),
    (9, 10, 3, 10),
    (2, 10, 7, 9),
    (5, 15, 1, 11),
    (10, 20, 5, 6),
    (43, 53, 40, 79),
    (0, 12, 4, 15),
    (12, 12, 7, 11),
    (3, 30, 30, 60),
    (1, 2, 1, 7),
]
SIDES = ("two.sided", "less", "greater")


def side(name):
    return name.replace(".", "-")


def write(table, method, alternative, quantity, value):
    x1, n1, x0, n0 = table
    print(x0, n0, x1, n1, method, alternative, quantity, repr(float(value)), sep=",")


print("x0,n0,x1,n1,method,alternative,quantity,value")
for table in TABLES:
    x1, n1, x0, n0 = table
    cells = [[x1, x0], [n1 - x1, n0 - x0]]
    for alternative in SIDES:
        write(table, "fisher", alternative, "p.value", stats.fisher_exact(cells, side(alternative))[1])
        # Boschloo two-sided is twice the smaller one-sided p in SciPy, another test than ours.
        if alternative != "two.sided" and n0 * n1 < 20000:
            write(table, "boschloo", alternative, "p.value", stats.boschloo_exact(cells, side(alternative), n=64).pvalue)
        if n0 * n1 < 20000:
            for pooled, method in ((True, "barnard"), (False, "barnard-unpooled")):
                result = stats.barnard_exact(cells, side(alternative), pooled=pooled, n=64)
                write(table, method, alternative, "p.value", result.pvalue)
                if alternative == "two.sided":
                    write(table, method, alternative, "statistic", result.statistic)
    # The conditional odds ratio wants the groups as rows.
    rows = [[x1, n1 - x1], [x0, n0 - x0]]
    fitted = odds_ratio(rows, kind="conditional")
    write(table, "fisher-conditional", "two.sided", "estimate", fitted.statistic)
    for alternative in SIDES:
        limits = fitted.confidence_interval(0.95, side(alternative))
        write(table, "fisher-conditional", alternative, "conf.low", limits.low)
        write(table, "fisher-conditional", alternative, "conf.high", limits.high)
    if min(x1, n1 - x1, x0, n0 - x0) > 0:
        limits = odds_ratio(rows, kind="sample").confidence_interval(0.95)
        write(table, "woolf", "two.sided", "conf.low", limits.low)
        write(table, "woolf", "two.sided", "conf.high", limits.high)
    if min(x1, x0) > 0:
        limits = relative_risk(x1, n1, x0, n0).confidence_interval(0.95)
        write(table, "katz", "two.sided", "conf.low", limits.low)
        write(table, "katz", "two.sided", "conf.high", limits.high)
    for corrected, method in ((True, "yates"), (False, "pearson")):
        write(table, method, "two.sided", "p.value", stats.chi2_contingency(cells, correction=corrected)[1])
    write(table, "lr", "two.sided", "p.value", stats.chi2_contingency(cells, correction=False, lambda_="log-likelihood")[1])
    for method, name in (("exact", "clopper-pearson"), ("wilson", "wilson"), ("wilsoncc", "wilson-cc")):
        limits = stats.binomtest(x1, n1).proportion_ci(0.95, method)
        write(table, name, "two.sided", "conf.low", limits.low)
        write(table, name, "two.sided", "conf.high", limits.high)
sys.stdout.flush()
