# Bootstrap replicates of one statistic, and a BCa interval from data to end points.

# --- ours -------------------------------------------------------------------------------------------

our_bootstrap_job <- function(rows, formula, statistic) {
  resampling_job(boot_ci(formula, rows, statistic, type = "perc", method = "monte_carlo", R = 99, seed = 1))
}

our_replicates <- function(job) {
  per_replicate(function(R) her2mod:::evaluate_range(job, 1, R, threads = 1), function(range) stats::sd(range$values))
}

# --- boot: the statistic as its users write it (rows of a data frame), and by columns, which is faster ----

by_rows <- function(value) {
  function(d, i) {
    d <- d[i, ]
    value(d$v[d$g == "b"]) - value(d$v[d$g == "a"])
  }
}

by_columns <- function(value) {
  function(d, i) {
    v <- d$v[i]
    g <- d$g[i]
    value(v[g == "b"]) - value(v[g == "a"])
  }
}

boot_replicates <- function(rows, column, statistic) {
  d <- data.frame(v = rows[[column]], g = rows$g)
  per_replicate(function(R) boot::boot(d, statistic, R, strata = d$g)$t[, 1], stats::sd, runs = min(3, timings$runs))
}

boot_ways <- function(value) {
  stats::setNames(list(by_rows(value), by_columns(value)), paste0(peer_name("boot"), c(", d[i, ]", ", v[i]")))
}

boot_times <- function(rows, column, value) {
  if (!has_peer("boot")) return(list())
  lapply(boot_ways(value), function(statistic) boot_replicates(rows, column, statistic))
}

# --- base R ------------------------------------------------------------------------------------------

# An expert's: indices in blocks of about 50,000, which stay in the cache; means of columns.
base_mean_bootstrap <- function(rows) {
  groups <- split(rows$y, rows$g)
  block <- max(1, 50000 %/% nrow(rows))
  means <- function(y, k) colMeans(matrix(y[sample.int(length(y), length(y) * k, TRUE)], length(y)))
  run <- function(R) {
    sizes <- c(rep(block, R %/% block), if (R %% block > 0) R %% block)
    unlist(lapply(sizes, function(k) means(groups$b, k) - means(groups$a, k)))
  }
  per_replicate(run, stats::sd)
}

two_binomials <- function(design) {
  n <- design$sizes
  p <- design$events / n
  run <- function(R) stats::rbinom(R, n[[2]], p[[2]]) / n[[2]] - stats::rbinom(R, n[[1]], p[[1]]) / n[[1]]
  per_replicate(run, stats::sd)
}

# --- rows --------------------------------------------------------------------------------------------

# `peers`: named times; `required`: ratios, named as peer_kind() does; others are there to be seen.
replicate_rows <- function(topic, work, n, ours, peers, gives, required) {
  do.call(rbind, lapply(names(peers), function(peer) {
    ratio <- unname(required[peer_kind(peer)])
    comparison(topic, work, n, peer, ours, peers[[peer]], gives, ratio, "replicate")
  }))
}

bootstrap_rows <- function(designs, scipy) {
  do.call(rbind, lapply(designs, function(design) {
    rbind(mean_rows(design, scipy), median_rows(design, scipy), risk_rows(design))
  }))
}

mean_rows <- function(design, scipy) {
  ours <- our_replicates(our_bootstrap_job(design$rows, y ~ g, "mean_difference"))
  peers <- c(
    boot_times(design$rows, "y", mean), scipy_peers(scipy, "bootstrap_mean", design$n),
    list("base R, matrix of indices" = base_mean_bootstrap(design$rows))
  )
  replicate_rows("bootstrap", "bootstrap, mean difference", design$n, ours, peers, "se", c(boot = 250, scipy = 4))
}

median_rows <- function(design, scipy) {
  ours <- our_replicates(our_bootstrap_job(design$rows, y ~ g, "median_difference"))
  peers <- c(boot_times(design$rows, "y", stats::median), scipy_peers(scipy, "bootstrap_median", design$n))
  replicate_rows("bootstrap", "bootstrap, median difference", design$n, ours, peers, "se", c(boot = 250, scipy = 12))
}

risk_rows <- function(design) {
  ours <- our_replicates(our_bootstrap_job(design$rows, event ~ g, "risk_difference"))
  peers <- c(boot_times(design$rows, "event", mean), list("base R, two rbinom()" = two_binomials(design)))
  replicate_rows("bootstrap", "bootstrap, risk difference", design$n, ours, peers, "se", c(boot = 3000, rbinom = 20))
}

# --- BCa from end to end ------------------------------------------------------------------------------

bca_rows <- function(designs, quick, R = 10000) {
  if (quick || !has_peer("boot")) return(NULL)
  rows <- designs$small$rows
  ours <- per_call(function() {
    made <- boot_ci(y ~ g, rows, "mean_difference", type = "bca", method = "monte_carlo", R = R, seed = 1, threads = 1)
    unlist(made$intervals[1, c("conf.low", "conf.high")], use.names = FALSE)
  })
  ways <- boot_ways(mean)
  do.call(rbind, lapply(names(ways), function(peer) {
    theirs <- per_slow_call(function() boot_bca(rows, ways[[peer]], R))
    required <- unname(c(boot = 500)[peer_kind(peer)])
    comparison("bootstrap", "BCa interval, R = 10,000", designs$small$n, peer, ours, theirs, "interval", required)
  }))
}

boot_bca <- function(rows, statistic, R) {
  d <- data.frame(v = rows$y, g = rows$g)
  boot::boot.ci(boot::boot(d, statistic, R, strata = d$g), type = "bca")$bca[1, 4:5]
}

# Why the two BCa intervals differ by more than chance: the acceleration of a mean difference by Efron's definition, on
# influence values divided by the sizes of their groups, and what boot makes of it.
bca_notes <- function(designs) {
  if (!has_peer("boot")) return(NULL)
  rows <- designs$small$rows
  groups <- split(rows$y, rows$g)
  influence <- c(
    -(groups$a - mean(groups$a)) / length(groups$a), (groups$b - mean(groups$b)) / length(groups$b)
  )
  d <- data.frame(v = rows$y, g = rows$g)
  theirs <- boot::empinf(data = d, statistic = by_columns(mean), stype = "i", type = "jack", strata = d$g)
  ours <- boot_ci(y ~ g, rows, "mean_difference", method = "monte_carlo", R = 999, type = "bca", seed = 1)
  number <- function(x) formatC(x, digits = 4, format = "f")
  paste0(
    "BCa acceleration of the mean difference, n = 575: ours ", number(ours$acceleration), "; by its definition ",
    number(acceleration(influence)), "; boot ", number(acceleration(theirs)), ", as it sums the influence values of ",
    "strata without dividing them by the strata's sizes. So the intervals differ by more than chance."
  )
}

acceleration <- function(influence) sum(influence^3) / (6 * sum(influence^2)^1.5)
