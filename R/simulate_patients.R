# How simulate_cohort() draws its patients.

draw_patients <- function(n, effects, margins, centres) {
  centre <- draw_centres(n, centres)
  deviation <- stats::rnorm(centres, 0, effects$centre_sd)
  known <- if (margins == "exact") exact_patients(n, effects) else random_patients(n, effects, centre, deviation)
  width <- nchar(format(n, scientific = FALSE))
  rows <- new_rows(
    id = paste0("P", formatC(seq_len(n), width = width, flag = "0", format = "d")),
    centre = factor(paste("centre", centre), paste("centre", seq_len(centres))),
    her2 = factor(simulated_classes[known$mod + 1], simulated_classes),
    hr = factor(known$hr, 0:1, c("HR-", "HR+")), therapy = factor(known$dual, 0:1, c("single", "dual")),
    pcr = known$pcr == 1
  )
  rows[c("age", "stage", "grade", "ki67")] <- draw_covariates(n, known$hr)
  rows[c("ihc_before", "ihc_after")] <- draw_ihc(known, effects)
  rows[c("time", "status")] <- draw_dfs(known, rows$stage, deviation[centre], effects)
  rows
}

# Centres of unequal size, each with at least one patient.
draw_centres <- function(n, centres) {
  share <- stats::rexp(centres) + 0.3
  centre <- sample.int(centres, n, replace = TRUE, prob = share)
  centre[sample.int(n, centres)] <- seq_len(centres)
  centre
}

coins <- function(p) as.integer(stats::runif(length(p)) < p)

random_patients <- function(n, effects, centre, deviation) {
  mod <- coins(rep(effects$mod_share, n))
  of_class <- function(name) effects[[name]][mod + 1]
  hr <- coins(of_class("hr_positive"))
  dual <- coins(of_class("dual_share"))
  share <- tabulate(centre, length(deviation)) / n
  shift <- vapply(1:2, function(g) pcr_intercept(effects, g, deviation, share), 0)
  odds <- shift[mod + 1] + log(of_class("dual_or")) * dual + log(of_class("hr_or")) * hr + deviation[centre]
  list(mod = mod, hr = hr, dual = dual, pcr = coins(stats::plogis(odds)))
}

# The log odds that give a class its share of pCR on average over HR, therapy and these centres.
pcr_intercept <- function(effects, g, deviation, share) {
  p <- effects$pcr[[g]]
  if (p <= 0 || p >= 1) return(stats::qlogis(p))
  cells <- expand.grid(hr = 0:1, dual = 0:1, centre = seq_along(share))
  weight <- stats::dbinom(cells$hr, 1, effects$hr_positive[[g]]) *
    stats::dbinom(cells$dual, 1, effects$dual_share[[g]]) * share[cells$centre]
  odds <- log(effects$dual_or[[g]]) * cells$dual + log(effects$hr_or[[g]]) * cells$hr + deviation[cells$centre]
  stats::uniroot(function(a) sum(weight * stats::plogis(a + odds)) - p, c(-60, 60), tol = 1e-10)$root
}

# Each class with its counts, in random order.
exact_patients <- function(n, effects) {
  sizes <- c(n - round(n * effects$mod_share), round(n * effects$mod_share))
  classes <- lapply(1:2, function(g) exact_class(sizes[[g]], effects, g))
  rows <- Map(function(a, b) c(a, b), classes[[1]], classes[[2]])
  order <- sample.int(n)
  lapply(rows, `[`, order)
}

exact_class <- function(n, effects, g) {
  dual <- round(n * effects$dual_share[[g]])
  hr <- round(n * effects$hr_positive[[g]])
  pcr <- round(n * effects$pcr[[g]])
  both <- nearest_table(dual, pcr, n, effects$dual_or[[g]])
  responding <- nearest_table(hr, pcr, n, effects$hr_or[[g]])
  # Who responds: `both` of the patients with dual therapy; and HR+, `responding` of the responders.
  rows <- list(
    mod = rep(g - 1L, n), dual = rep(1:0, c(dual, n - dual)),
    pcr = rep(c(1L, 0L, 1L, 0L), c(both, dual - both, pcr - both, n - dual - pcr + both))
  )
  rows$hr <- integer(n)
  for (response in 0:1) {
    among <- which(rows$pcr == response)
    positive <- if (response == 1) responding else hr - responding
    rows$hr[among[sample.int(length(among), positive)]] <- 1L
  }
  rows[c("mod", "hr", "dual", "pcr")]
}

# The cell of a 2x2 table with these margins whose odds ratio is nearest to `or`, on the log scale.
nearest_table <- function(row, column, n, or) {
  cell <- seq(max(0, row + column - n), min(row, column))
  found <- log(cell) + log(n - row - column + cell) - log(row - cell) - log(column - cell)
  cell[[which.min(ifelse(is.nan(found), Inf, abs(found - log(or))))]]
}

draw_covariates <- function(n, hr) {
  list(
    age = pmin(85, pmax(22, round(stats::rnorm(n, 51, 11)))),
    stage = factor(sample(c("I", "II", "III"), n, TRUE, c(0.1, 0.6, 0.3)), c("I", "II", "III"), ordered = TRUE),
    grade = factor(1 + stats::rbinom(n, 2, ifelse(hr == 1, 0.7, 0.82)), 1:3, ordered = TRUE),
    ki67 = round(100 * stats::rbeta(n, 2, ifelse(hr == 1, 4, 3)))
  )
}

# Before therapy the class decides. After it patients without pCR have what is left: a loss is 0 or 1+, else most
# keep their class.
draw_ihc <- function(known, effects) {
  n <- length(known$mod)
  lost <- coins(effects$loss[known$mod + 1])
  other <- coins(rep(0.15, n))
  kept <- ifelse(known$mod == 1, 2 + other, 3 - other)
  after <- ifelse(lost == 1, coins(rep(0.65, n)), kept)
  after[known$pcr == 1 | coins(rep(effects$retested, n)) == 0] <- NA
  as_ihc <- function(score) factor(ihc_classes[score + 1], ihc_classes, ordered = TRUE)
  list(ihc_before = as_ihc(ifelse(known$mod == 1, 2, 3)), ihc_after = as_ihc(after))
}

# In years, to two days; nobody at time 0.
draw_dfs <- function(known, stage, deviation, effects) {
  hr <- log(effects$dfs_hr)
  hazard <- effects$dfs_rate * exp(
    hr[["mod"]] * known$mod + hr[["pcr"]] * known$pcr + hr[["dual"]] * known$dual + hr[["hr_positive"]] * known$hr +
      hr[["stage"]] * (as.integer(stage) - 2) + deviation
  )
  n <- length(hazard)
  event <- stats::rexp(n) / hazard
  end <- stats::runif(n, effects$follow_up[[1]], effects$follow_up[[2]])
  list(time = pmax(0.01, round(pmin(event, end), 2)), status = as.integer(event <= end))
}

make_missing <- function(rows, shares) {
  for (column in names(shares)) rows[[column]][stats::runif(nrow(rows)) < shares[[column]]] <- NA
  rows
}
