# Called by survival.R in a fresh process: estimates of many rows. Prints seconds, of how many repeats the median, and the
# chi-squared or p-value. Arguments: ours or peer, curves or cox, n.

source("bench/timing.R")
source("bench/survival.R")

arguments <- commandArgs(TRUE)
n <- as.double(arguments[[3]])
ours <- arguments[[1]] == "ours"
suppressPackageStartupMessages(library(if (ours) "her2mod" else "survival", character.only = TRUE))
rows <- survival_design(c(n / 2, n / 2))
rows <- rows[sample.int(n), ]
model <- survival::Surv(time, status) ~ g + x1 + x2 + x3 + x4 + x5

curves <- function() {
  if (ours) {
    found <- tidy(compare_survival(Surv(time, status) ~ g, rows))
    return(found$statistic[found$method == "logrank"])
  }
  survfit(Surv(time, status) ~ g, rows)
  survdiff(Surv(time, status) ~ g, rows)$chisq
}

cox <- function() {
  if (ours) return(tidy(cox_regression(model, rows))$p.value[[4]])
  summary(coxph(model, rows))$coefficients[4, "Pr(>|z|)"]
}

# Some calls pass until a session has all the memory that it needs, on either side.
found <- per_call(if (arguments[[2]] == "curves") curves else cox, runs = 9)
cat(format(found$seconds, digits = 15), found$runs, format(found$value, digits = 15), "\n")
