# Loss rates by group, their differences, and what the untested could make of them.

shift_row <- function(term, group, method, estimate = NA, limits = c(NA, NA), statistic = NA, df = NA, p.value = NA) {
  data.frame(
    term = term, group = group, method = method, estimate = as.double(estimate), std.error = NA_real_,
    conf.low = as.double(limits[[1]]), conf.high = as.double(limits[[2]]), statistic = as.double(statistic),
    df = as.double(df), p.value = as.double(p.value), alternative = "two.sided"
  )
}

loss_rates <- function(losses, conf.level) {
  rows <- lapply(which(losses$tested > 0), function(i) {
    limits <- rate_limits(losses$lost[[i]], losses$tested[[i]], conf.level)
    rbind(
      shift_row("loss_rate", losses$group[[i]], "clopper-pearson", losses$lost[[i]] / losses$tested[[i]], limits[1, ]),
      shift_row("loss_rate", losses$group[[i]], "midp", losses$lost[[i]] / losses$tested[[i]], limits[2, ])
    )
  })
  do.call(rbind, rows)
}

# One proportion by the core, beside any other.
rate_limits <- function(x, n, conf.level) {
  all <- proportion_methods()
  index <- match(c("clopper-pearson", "midp"), ifelse(all$term == "proportion" & all$group == 1, all$method, NA))
  rows <- call_core(cpp_two_proportions(x, n, 0, 1, conf.level, "two.sided", index))
  as.matrix(rows)[, c("conf.low", "conf.high"), drop = FALSE]
}

# Every other group with re-tested patients against the reference.
compare_losses <- function(losses, options) {
  others <- which(losses$tested > 0)[-1]
  if (length(others) == 0 || losses$tested[[1]] == 0) return(list())
  counts <- lapply(others, function(i) {
    own <- losses[c(1, i), ]
    data.frame(group = own$group, x = own$lost, n = own$tested, missing = own$untested)
  })
  names(counts) <- losses$group[others]
  pairs <- lapply(counts, function(own) {
    new_comparison(own[c("group", "x", "n")], options$conf.level, "two.sided", options$methods,
      event = "HER2 lost", n_dropped = 0, call = NULL
    )
  })
  list(counts = counts, pairs = pairs)
}

# NULL where there are too many ways in which the untested could have turned out.
tipping_of_losses <- function(counts, options) {
  check_choice(options$test, proportion_test_methods(), "test", call = NULL)
  if (prod(counts$missing + 1) > most_tipping_tables(options$test)) return(NULL)
  new_tipping(counts, options$alpha, options$test, list(event = "HER2 lost", missing = "untested"))
}

comparison_of_losses <- function(x) {
  rows <- lapply(names(x$comparisons), function(other) {
    found <- x$comparisons[[other]]$estimates
    found <- found[found$term != "proportion", ]
    data.frame(
      term = paste0("loss_", found$term), group = other, method = found$method, estimate = found$estimate,
      std.error = NA_real_, found[c("conf.low", "conf.high", "statistic")], df = NA_real_,
      found[c("p.value", "alternative")]
    )
  })
  do.call(rbind, rows)
}

# Several groups at once: any difference.
loss_across_groups <- function(x, options) {
  used <- x$losses[x$losses$tested > 0, ]
  exact <- exact_chi_squared(used$lost, used$tested)
  if (!is.null(exact)) {
    return(list(row = shift_row("loss_test", "all", "chi-squared-exact", statistic = exact$statistic, p.value = exact$p.value)))
  }
  data <- data.frame(
    class = factor(rep(c("lost", "kept"), each = nrow(used))), group = factor(rep(used$group, 2), used$group),
    n = c(used$lost, used$tested - used$lost)
  )
  test <- do.call(perm_test, list(class ~ group, data, "chi_squared",
    method = "monte_carlo", weights = quote(n), R = options$how$R, seed = options$how$seed,
    threads = options$how$threads, progress = options$how$progress
  ))
  method <- "chi-squared-monte-carlo"
  list(
    row = shift_row("loss_test", "all", method, statistic = test$observed, p.value = test$p.value),
    monte_carlo = data.frame(
      group = "losses", method = method, low = test$p.interval[[1]], high = test$p.interval[[2]], seed = test$seed
    )
  )
}

# Given how many lost it in all, over every way in which the groups could have them; NULL where those are too many.
exact_chi_squared <- function(lost, tested) {
  m <- sum(lost)
  n <- sum(tested)
  if (m == 0 || m == n) return(list(statistic = 0, p.value = 1))
  chi_squared <- function(counts) {
    colSums((counts - m * tested / n)^2 / tested) * n^2 / (m * (n - m))
  }
  widest <- which.max(tested)
  ranges <- lapply(tested[-widest], function(size) seq(max(0, m - n + size), min(size, m)))
  if (prod(lengths(ranges)) > most_flip_values) return(NULL)
  counts <- matrix(0, length(lost), prod(lengths(ranges)))
  counts[-widest, ] <- t(as.matrix(expand.grid(ranges)))
  counts[widest, ] <- m - colSums(counts)
  counts <- counts[, counts[widest, ] >= 0 & counts[widest, ] <= tested[[widest]], drop = FALSE]
  mass <- exp(colSums(lchoose(tested, counts)) - lchoose(n, m))
  observed <- chi_squared(matrix(lost))
  list(statistic = observed, p.value = flip_tail(chi_squared(counts), mass, observed))
}

# None, or all, of those not re-tested lost HER2.
loss_bounds <- function(losses, conf.level) {
  populations <- c("re-testable", if (any(losses$no_residual > 0)) "all")
  do.call(rbind, lapply(populations, function(population) {
    untested <- losses$untested + if (population == "all") losses$no_residual else 0
    n <- losses$tested + untested
    used <- which(n > 0)
    rates <- lapply(used, function(i) {
      low <- losses$lost[[i]] / n[[i]]
      high <- (losses$lost[[i]] + untested[[i]]) / n[[i]]
      data.frame(
        term = "loss_rate", population = population, group = losses$group[[i]], untested = untested[[i]], n = n[[i]],
        lower = low, upper = high, conf.low = rate_limits(losses$lost[[i]], n[[i]], conf.level)[1, 1],
        conf.high = rate_limits(losses$lost[[i]] + untested[[i]], n[[i]], conf.level)[1, 2]
      )
    })
    others <- if (n[[1]] > 0) setdiff(used, 1)
    differences <- lapply(others, difference_bounds, losses = losses, untested = untested, n = n,
      population = population, conf.level = conf.level
    )
    do.call(rbind, c(rates, differences))
  }))
}

difference_bounds <- function(i, losses, untested, n, population, conf.level) {
  limits <- function(m0, m1) {
    call_core(cpp_two_proportions(
      losses$lost[[1]] + m0, n[[1]], losses$lost[[i]] + m1, n[[i]], conf.level, "two.sided",
      method_index("risk_difference", "newcombe")
    ))
  }
  lowest <- as.matrix(limits(untested[[1]], 0))[1, ]
  highest <- as.matrix(limits(0, untested[[i]]))[1, ]
  data.frame(
    term = "loss_risk_difference", population = population, group = losses$group[[i]],
    untested = untested[[1]] + untested[[i]], n = n[[1]] + n[[i]], lower = lowest[["estimate"]],
    upper = highest[["estimate"]], conf.low = lowest[["conf.low"]], conf.high = highest[["conf.high"]]
  )
}
