# Size of the asymptotic tests of survival, and their agreement with package survival, by simulation.
#   make proofs-survival   (or: Rscript proofs/survival_size.R [data sets a row] [sets a row compared], package installed)
# Writes proofs/SURVIVAL_SIZE.md; about fifteen minutes on one core. All data are simulated: survival is exponential
# with mean 1 in both groups. The anchors are an independent simulation's figures (100,000 data sets a row).

library(her2mod)
library(survival)
core <- asNamespace("her2mod")

arguments <- as.integer(commandArgs(TRUE))
sets <- c(arguments, 100000L)[[1]]
compared <- c(arguments[-1], 1000L)[[1]]
published <- ceiling(compared / 5)
levels <- c(0.01, 0.05, 0.10)
fixed_taus <- c(0.5, 0.8, 1, 1.5)
# The one that brings the anchors of restricted means: see the report.
fixed_tau <- 0.8

# Censoring is uniform on 0 to c, as in permutation_survival.R; n1 and c1 are of the other group.
rows <- read.table(header = TRUE, text = "
n1 n0 c1  c0  logrank rmst
5  5  Inf Inf 7.29    11.8
10 10 Inf Inf 6.55    7.98
20 20 4   4   5.57    6.52
50 50 4   4   5.16    5.39
5  45 4   4   7.09    16.9
10 40 1   5   5.44    12.5
40 10 1   5   5.47    8.5
")

draw_set <- function(row) {
  group <- rep(0:1, c(row$n0, row$n1))
  end <- ifelse(group == 1, row$c1, row$c0)
  censored <- if (all(is.finite(end))) stats::runif(length(end)) * end else end
  time <- stats::rexp(length(group))
  as_set(group, pmin(time, censored), as.integer(time <= censored))
}
as_set <- function(group, time, event) list(group = group, response = time, event = event, n_groups = 2L, n_strata = 1L)

# --- p-values, by the same entries of the core as compare_survival() and cox_regression() use --------------------

families <- core$survival_tests()
families <- families[families$method %in% core$maxcombo_parts, ]
weights <- as.matrix(families[c("family", "rho", "gamma", "t_star")])
parts <- c("logrank", "fh01", "fh10", "fh11")
stopifnot(identical(families$method, c("logrank", "fh(0,1)", "fh(1,0)", "fh(1,1)")))

last_of <- function(x) x[[length(x)]]

chi_squared <- function(tests) {
  score <- vapply(tests$score, last_of, 0)
  variance <- vapply(tests$variance, last_of, 0)
  # What rounding leaves of a score of 0 is no difference.
  score[abs(score) < 1e-12 * sqrt(variance)] <- 0
  chi <- (score / sqrt(variance))^2
  chi[abs(variance) <= 1e-12 * max(abs(tests$variance[[1]]))] <- NA
  stats::setNames(chi, parts)
}

# The integral takes most of the time: where bounds settle all levels (one |Z| alone, four times that) it is left out.
maxcombo_p <- function(chi, between, exactly) {
  known <- which(!is.na(chi))
  if (length(known) == 0) return(NA_real_)
  largest <- sqrt(max(chi[known]))
  one <- 2 * stats::pnorm(-largest)
  if (!exactly && one > max(levels)) return(one)
  if (!exactly && 4 * one <= min(levels)) return(4 * one)
  core$maximum_p(largest, stats::cov2cor(between[known, known, drop = FALSE]))
}

cox_options <- function(ties) core$cox_options(list(whole = TRUE), ties, "none")
cox_fit <- function(set, ties = "efron") {
  core$cpp_cox_fit(list(
    time = set$response, event = set$event, entry = NULL, frequency = NULL, stratum = NULL, cluster = NULL,
    covariates = list(as.double(set$group))
  ), cox_options(ties))
}

# No Wald test where the estimate is infinite.
cox_chi <- function(fit) {
  if (fit$rank == 0 || fit$end == "unsettled") return(c(score = NA, wald = NA, ratio = NA))
  b <- fit$coefficients
  wald <- if (is.finite(b)) b * (b / fit$variance[[1]]) else NA
  c(score = fit$score_test, wald = wald, ratio = 2 * max(0, diff(fit$loglik)))
}

# The rules for tau: compare_survival()'s, the last time to which both groups were followed; beyond a group's last time
# where that is an event and its curve has come to 0 (the rule of survRM2); the last event of the group in which that is
# earlier; times fixed in advance.
taus_of <- function(curves) {
  usable <- min(vapply(curves, core$last_usable, 0))
  followed <- vapply(curves, core$follow_up_of, 0)
  event <- min(vapply(curves, function(curve) max(0, curve$time[curve$n.event > 0]), 0))
  c(min(followed), min(usable, max(followed)), event, ifelse(fixed_taus <= usable, fixed_taus, NA))
}
rules <- c("default", "beyond", "event", paste0("fixed", fixed_taus))
fixed <- paste0("fixed", fixed_tau)

# NA where tau cannot be estimated; 1 where it can but has no standard error, as then nothing is rejected.
rmst_p <- function(curves, tau) {
  if (is.na(tau)) return(NA_real_)
  means <- vapply(curves, core$restricted_mean_at, c(0, 0), tau = tau)
  error <- sqrt(sum(means[2, ]^2))
  if (error == 0) 1 else 2 * stats::pnorm(-abs(means[1, 2] - means[1, 1]) / error)
}

p_values <- function(set, exactly = FALSE) {
  raw <- core$cpp_survival(set, weights)
  chi <- chi_squared(raw$tests)
  p <- c(stats::pchisq(c(chi, cox_chi(cox_fit(set))), 1, lower.tail = FALSE),
    maxcombo = maxcombo_p(chi, raw$tests$between, exactly)
  )
  # What cannot be tested is not rejected.
  p[is.na(p)] <- 1
  c(p, stats::setNames(vapply(taus_of(raw$curves), rmst_p, 0, curves = raw$curves), rules))
}
tests <- c("logrank", "fh01", "fh11", "maxcombo", "score", "wald", "ratio")
columns <- c(tests, fixed, "default")

# --- size ----------------------------------------------------------------------------------------------------------

size_of <- function(p) 100 * vapply(levels, function(a) rowMeans(p <= a, na.rm = TRUE), p[, 1])
simulate_row <- function(i) {
  set.seed(700 + i)
  p <- vapply(seq_len(sets), function(k) p_values(draw_set(rows[i, ])), double(length(parts) + 4 + length(rules)))
  list(size = size_of(p), known = rowMeans(!is.na(p[rules, ])), infinite = mean(p["wald", ] == 1))
}

# Without censoring tests of ranks have finitely many values: all arrangements of n and n, the first time in group 1
# (groups can change places).
exact_size <- function(n) {
  later <- utils::combn(2 * n - 1, n - 1)
  p <- apply(later, 2, function(at) {
    group <- integer(2 * n)
    group[c(1, at + 1)] <- 1L
    p_values(as_set(group, as.double(seq_len(2 * n)), rep(1L, 2 * n)))
  })
  size_of(p[tests, ])
}

# --- agreement: with the public functions, and with package survival ----------------------------------------------

as_data <- function(set) data.frame(time = set$response, status = set$event, g = factor(set$group))
# Warnings say what is asked for here: infinite estimates, standard errors of 0.
public_p <- function(set, tau = NULL) {
  found <- tidy(compare_survival(Surv(time, status) ~ g, as_data(set), tau = tau))
  named <- stats::setNames(found$p.value, ifelse(found$term == "test", found$method, found$term))
  model <- core$cox_tests(cox_regression(Surv(time, status) ~ g, as_data(set)))
  c(
    named[c("logrank", "fh(0,1)", "fh(1,0)", "fh(1,1)", "maxcombo")],
    stats::setNames(model$p.value, model$method)[c("score", "wald", "likelihood-ratio")], named["rmst_difference"]
  )
}
is_published <- function(set) {
  own <- p_values(set, exactly = TRUE)
  own_tests <- own[c(parts, "maxcombo", "score", "wald", "ratio")]
  public <- suppressWarnings(public_p(set))
  at_fixed <- if (is.na(own[[fixed]])) NA_real_ else suppressWarnings(public_p(set, fixed_tau))[["rmst_difference"]]
  public <- c(public, at_fixed)
  own <- c(own_tests, own[c("default", fixed)])
  public[is.na(public) & own %in% 1] <- 1
  identical(unname(own), unname(public))
}

# Fleming-Harrington tests other than survdiff()'s, written out from survfit()'s numbers.
written_out <- function(data, rho, gamma) {
  all <- summary(survfit(Surv(time, status) ~ 1, data))
  before <- c(1, all$surv)[seq_along(all$time)]
  w <- before^rho * (1 - before)^gamma
  y <- all$n.risk
  d <- all$n.event
  y1 <- vapply(all$time, function(t) sum(data$time >= t & data$g == 1), 0)
  d1 <- vapply(all$time, function(t) sum(data$time == t & data$status == 1 & data$g == 1), 0)
  variance <- w^2 * d * y1 / y * (1 - y1 / y) * ifelse(y > 1, (y - d) / (y - 1), 0)
  sum(w * (d1 - d * y1 / y))^2 / sum(variance)
}
survival_rmst <- function(data, tau) {
  table <- summary(survfit(Surv(time, status) ~ g, data), rmean = tau)$table
  c(table[, "rmean"], table[, "se(rmean)"])
}
survival_cox <- function(data, ties) {
  control <- coxph.control(eps = 1e-13, iter.max = 100, toler.chol = 1e-14)
  fit <- suppressWarnings(coxph(Surv(time, status) ~ g, data, ties = ties, control = control))
  c(
    coefficient = fit$coefficients[[1]], error = sqrt(fit$var[[1]]), score = fit$score, wald = fit$wald.test[[1]],
    ratio = 2 * diff(fit$loglik)
  )
}

# Differences of the core's figures from survival's, by name; relative above 1. NA: not defined, or an infinite estimate.
distance <- function(own, other) abs(own - other) / pmax(1, abs(other))
cox_distance <- function(set, data, ties) {
  fit <- cox_fit(set, ties)
  if (fit$end != "finite") return(rep(NA_real_, 5))
  distance(c(fit$coefficients, sqrt(fit$variance[[1]]), cox_chi(fit)), survival_cox(data, ties))
}
distances <- function(set) {
  data <- as_data(set)
  raw <- core$cpp_survival(set, weights)
  s <- Surv(data$time, data$status)
  chi <- chi_squared(raw$tests)
  other <- c(
    survdiff(s ~ data$g)$chisq, written_out(data, 0, 1), survdiff(s ~ data$g, rho = 1)$chisq, written_out(data, 1, 1)
  )
  tau <- taus_of(raw$curves)[[1]]
  means <- vapply(raw$curves, core$restricted_mean_at, c(0, 0), tau = tau)
  apart <- c(
    distance(chi, ifelse(is.na(chi), NA, other)), cox_distance(set, data, "efron"), cox_distance(set, data, "breslow"),
    rmst = max(distance(c(t(means)), survival_rmst(data, tau)))
  )
  stats::setNames(apart, agreeing)
}
agreeing <- c(
  "log-rank, `survdiff()`", "FH(0,1), written out", "FH(1,0), `survdiff(rho = 1)`", "FH(1,1), written out",
  paste(c("coefficient", "standard error", "score", "Wald", "likelihood ratio"), "of Cox's model, Efron, `coxph()`"),
  paste(c("coefficient", "standard error", "score", "Wald", "likelihood ratio"), "of Cox's model, Breslow, `coxph()`"),
  "restricted means and standard errors, `survfit()`"
)
tied <- function(set) {
  set$response <- ceiling(4 * set$response) / 4
  set
}
# The public functions, and survival's, make ties of times that only rounding tells apart before the core sees them. In size
# that is nothing: one data set in 7,000 had such times.
at_the_door <- function(set) {
  set$response <- core$cpp_tied_times(set$response, double())$time
  set
}
agree_row <- function(i) {
  set.seed(800 + i)
  drawn <- lapply(seq_len(compared), function(k) at_the_door(draw_set(rows[i, ])))
  far <- function(sets) {
    d <- vapply(sets, distances, double(length(agreeing)))
    list(largest = suppressWarnings(apply(d, 1, max, na.rm = TRUE)), left_out = sum(is.na(d[5, ])))
  }
  list(
    continuous = far(drawn), tied = far(lapply(drawn, tied)),
    identical = sum(vapply(drawn[seq_len(published)], is_published, NA))
  )
}

# MaxCombo's integral beside draws of its normal distribution: how many standard errors apart.
maxcombo_distance <- function(draws, sets_each) {
  z <- matrix(stats::rnorm(4 * draws), 4)
  unlist(lapply(seq_len(nrow(rows)), function(i) {
    vapply(seq_len(sets_each), function(k) {
      raw <- core$cpp_survival(draw_set(rows[i, ]), weights)
      chi <- chi_squared(raw$tests)
      p <- maxcombo_p(chi, raw$tests$between, TRUE)
      solved <- eigen(stats::cov2cor(raw$tests$between), symmetric = TRUE)
      root <- solved$vectors %*% diag(sqrt(pmax(solved$values, 0)))
      drawn <- abs(root %*% z) >= sqrt(max(chi))
      (mean(colSums(drawn) > 0) - p) / sqrt(p * (1 - p) / draws)
    }, 0)
  }))
}

# --- the report ----------------------------------------------------------------------------------------------------

label <- function(row) {
  end <- function(c) if (is.finite(c)) paste0("U(0, ", c, ")") else "none"
  censoring <- if (row$c1 == row$c0) end(row$c1) else paste(end(row$c1), "against", end(row$c0))
  paste0(row$n1, "/", row$n0, ", ", censoring)
}
line <- function(cells) paste0("| ", paste(cells, collapse = " | "), " |")
rule <- function(n) line(rep("---", n))
two <- function(x) sprintf("%.2f", x)
titles <- c(
  "log-rank", "FH(0,1)", "FH(1,1)", "MaxCombo", "Cox, score", "Cox, Wald", "Cox, LR", paste("RMST, tau", fixed_tau),
  "RMST, default tau"
)
size_lines <- function(found, k, anchored) {
  body <- vapply(seq_len(nrow(rows)), function(i) {
    size <- two(found[[i]]$size[columns, k])
    if (anchored) size[c(1, 8)] <- paste0(size[c(1, 8)], " (", c(two(rows$logrank[[i]]), rows$rmst[[i]]), ")")
    line(c(label(rows[i, ]), size))
  }, "")
  c(line(c("n1/n0, censoring", titles)), rule(length(titles) + 1), body)
}
# In brackets the share of data sets that have this tau, where not all do.
tau_lines <- function(found, k) {
  body <- vapply(seq_len(nrow(rows)), function(i) {
    known <- found[[i]]$known
    some <- ifelse(known < 0.9995, paste0(" (", sprintf("%.1f", 100 * known), "%)"), "")
    line(c(label(rows[i, ]), rows$rmst[[i]], paste0(two(found[[i]]$size[rules, k]), some)))
  }, "")
  names <- c("last common time", "survRM2's rule", "last common event", fixed_taus)
  c(line(c("n1/n0, censoring", "anchor", names)), rule(length(names) + 2), body)
}
exact_lines <- function(exact) {
  body <- unlist(lapply(names(exact), function(n) {
    vapply(seq_along(levels), function(k) {
      found <- exact[[n]][, k]
      line(c(paste0(n, "/", n), 100 * levels[[k]], sprintf("%.3f", found)))
    }, "")
  }))
  c(line(c("n1/n0, none censored", "nominal", titles[1:7])), rule(9), body)
}
agree_lines <- function(agreed) {
  largest <- function(which) apply(vapply(agreed, function(a) a[[which]]$largest, double(length(agreeing))), 1, max)
  body <- paste0(
    "| ", agreeing, " | ", formatC(largest("continuous"), digits = 1, format = "e"), " | ",
    formatC(largest("tied"), digits = 1, format = "e"), " |"
  )
  c(line(c("figure", "continuous times", "times rounded up to quarters")), rule(3), body)
}

# Monte Carlo standard error in points, and standard errors between two simulations' figures.
error <- function(p, n = sets) sqrt(p * (100 - p) / n)
standard <- function(found, anchor) (found - anchor) / sqrt(error(anchor)^2 + error(anchor, 1e5)^2)

found <- lapply(seq_len(nrow(rows)), simulate_row)
exact <- list("5" = exact_size(5), "10" = exact_size(10))
agreed <- lapply(seq_len(nrow(rows)), agree_row)
set.seed(900)
integral <- maxcombo_distance(1e6, 20)

at <- match(0.05, levels)
off <- vapply(seq_len(nrow(rows)), function(i) standard(found[[i]]$size["logrank", at], rows$logrank[[i]]), 0)
left_out <- function(which) sum(vapply(agreed, function(a) a[[which]]$left_out, 0))
thousands <- function(x) format(x, big.mark = ",", scientific = FALSE)
off_rmst <- vapply(seq_len(nrow(rows)), function(i) standard(found[[i]]$size[fixed, at], rows$rmst[[i]]), 0)
signed <- function(x) paste(sprintf("%+.1f", x), collapse = ", ")
infinite <- paste(two(100 * vapply(found, `[[`, 0, "infinite")), collapse = ", ")

writeLines(c(
  "# Size of tests of survival, %, and their agreement with package survival",
  "",
  paste0(
    "Written by `make proofs-survival` (`Rscript proofs/survival_size.R ", sets, " ", compared, "`). Simulated data:"
  ),
  "survival is exponential with mean 1 in both groups. n1/n0: other group / reference; censoring is uniform, of the other",
  paste0(
    "group against the reference where they differ. ", thousands(sets), " data sets a row: Monte Carlo standard error ",
    paste(two(error(100 * levels)), "points at", 100 * levels, collapse = ", "), "."
  ),
  "FH: Fleming-Harrington; MaxCombo of FH(0,0), (0,1), (1,0), (1,1); LR: likelihood ratio. A test that cannot be made does",
  "not reject: Wald's where one group has all early events and the estimate is infinite",
  paste0("(", infinite, "% of the data sets of each row)."),
  "",
  "## At a nominal 5% (in brackets: the anchor)", "",
  size_lines(found, at, TRUE), "",
  "The anchors are an independent simulation's figures, of 100,000 data sets; its censoring and its tau are not known. From",
  paste0("row to row the log-rank test is ", signed(off), " standard errors of the difference from them,"),
  paste0("the restricted mean up to ", fixed_tau, " is ", signed(off_rmst), "."),
  "",
  "## Exactly, by listing all arrangements", "",
  "Without censoring tests of ranks have no more values than groups have arrangements: 252 of 5 and 5, 184,756 of 10 and 10.",
  "No Monte Carlo error.", "",
  exact_lines(exact), "",
  "## Restricted means at a nominal 5%, by the rule for tau", "",
  "In brackets the share of data sets in which both curves are known up to tau; the size is among those.", "",
  tau_lines(found, at), "",
  paste0("The anchors say \"where tau can be estimated\". Of what was tried one rule comes near all seven: tau ", fixed_tau,
    ", fixed in advance,"),
  "data sets left out in which a curve is not known so far. In smaller runs (20,000 data sets) that suits the first five rows",
  "with other censoring too: tau 1.25 with U(0, 3), 1.5 with exponential censoring of rate 1/4; the anchors do not tell",
  "these apart. What does not suit: the last common time (`compare_survival()`'s default, whose test is conservative",
  "without censoring), survRM2's rule, the last common event, 0.9 of the last common time (7.1, 5.5, 5.5, 5.0, 8.3, 9.7, 8.3);",
  "Greenwood's sums times n/(n - 1), which survRM2 does not have either (8.6 and 6.6 in the first two rows, tau 0.75);",
  "quantiles of t (7.5 and 6.3 there, tau 0.8); a fixed tau with curves that stay at their last value, none left out",
  "(11.1 in the sixth row, tau 0.8).",
  "",
  "## At a nominal 1%", "", size_lines(found, match(0.01, levels), FALSE), "",
  "## At a nominal 10%", "", size_lines(found, match(0.10, levels), FALSE), "",
  "## Agreement", "",
  paste0(
    "Largest difference (relative above 1) between the core and package survival ", packageVersion("survival"), " in ",
    thousands(compared * nrow(rows)), " data sets"
  ),
  paste0(
    "(", thousands(compared), " a row), with continuous times and with ties. Times that only rounding tells apart",
    " (`aeqSurv()`) are ties to all."
  ),
  "",
  agree_lines(agreed), "",
  paste0(
    "Cox's figures without the ", left_out("continuous"), " and ", left_out("tied"),
    " data sets whose estimate is infinite. `survdiff()` has FH(rho,0) only: the others are"
  ),
  "written out in R from the numbers of `survfit()`.",
  paste0(
    "`compare_survival()` and `cox_regression()` give `identical()` p-values to those counted here (ten a data set) in ",
    sum(vapply(agreed, `[[`, 0L, "identical")), " of ", published * nrow(rows), " data sets."
  ),
  paste0(
    "MaxCombo's p beside 1,000,000 draws of its normal distribution, ", length(integral), " data sets: largest distance ",
    sprintf("%.1f", max(abs(integral))), " standard errors (the draws are shared by all)."
  ),
  "",
  paste0("R ", getRversion(), ", her2mod ", packageVersion("her2mod"), "; ", round(sum(proc.time()[1:2]) / 60, 1),
    " minutes of one core.")
), "proofs/SURVIVAL_SIZE.md")
cat(readLines("proofs/SURVIVAL_SIZE.md"), sep = "\n")
