# All p-values of a Table 1 together: one pass over the arrangements, and the adjustment for their number.

# Beyond so many patients x variables x replicates the permutation distributions are taken as they are in large samples.
most_work <- 1e9

baseline_p_values <- function(variables, design, wanted, how, call = rlang::caller_env()) {
  tests <- lapply(variables, baseline_test, design = design)
  tested <- !vapply(tests, function(test) is.null(test$kind), NA)
  method <- baseline_method(wanted$method, length(design$code) * sum(tested) * how$R)
  tests <- lapply(tests, observe_baseline, method = method)
  found <- vector("list", length(tests))
  found[tested] <- lapply(tests[tested], exact_baseline, method = method, how = how, call = call)
  open <- vapply(found, is.null, NA) & tested
  adjust <- adjustment_of(wanted$adjust, method)
  family <- tested & !vapply(found, function(one) isTRUE(one$fixed), NA)
  jointly <- adjust == "westfall_young" && sum(family) > 1
  listed <- if (jointly) shared_arrangements(tests[family], method, how, call) else NA_real_
  drawn <- if (jointly && is.na(listed)) family else open
  seed <- NA_real_
  evidence <- vector("list", length(tests))
  if (!is.na(listed)) evidence[family] <- lapply(tests[family], listed_evidence, listed, how, call)
  if (any(drawn)) {
    seed <- resolve_seed(how$seed)
    how$seed <- seed
    if (how$progress) bar <- start_bar("Variables", sum(drawn))
    quiet <- utils::modifyList(how, list(progress = FALSE))
    for (i in which(drawn)) {
      replicates <- shared_replicates(tests[[i]], design, seed, quiet, call)
      if (open[[i]]) found[[i]] <- monte_carlo_baseline(tests[[i]], replicates)
      evidence[[i]] <- drawn_evidence(tests[[i]], found[[i]]$null, replicates)
      if (how$progress) move_bar(bar)
    }
  }
  rows <- do.call(rbind, lapply(seq_along(tests), function(i) tested_row(tests[[i]], found[[i]])))
  adjusted <- adjusted_p(rows$p.value, evidence, family, adjust, !is.na(listed), call)
  rows$p.adjusted <- adjusted$p
  list(
    rows = rows, family = sum(family), seed = seed, R = if (any(drawn)) how$R else NA_real_, adjust = adjust,
    large = method != wanted$method, listed = listed, error = adjusted$error
  )
}

baseline_method <- function(method, work) if (method == "auto" && work > most_work) "asymptotic" else method

# Without arrangements there is Holm's, which is valid whatever the correlation.
adjustment_of <- function(adjust, method) if (adjust == "westfall_young" && method == "asymptotic") "holm" else adjust

tested_row <- function(test, found) {
  if (is.null(found)) found <- p_of(NA_real_, NA_character_)
  data.frame(
    statistic = found$statistic, p.value = found$p.value, p.low = found$p.low, p.high = found$p.high,
    method = found$method, note = if (is.null(test$note)) NA_character_ else test$note
  )
}

# `family`: what is adjusted for; all else has the p 1 whatever the others are.
adjusted_p <- function(p, evidence, family, adjust, listed, call) {
  adjusted <- list(p = ifelse(is.na(p), NA_real_, 1), error = NA_real_)
  if (adjust == "none") adjusted$p[] <- NA
  if (adjust == "none" || !any(family)) return(adjusted)
  if (adjust == "holm" || sum(family) < 2) {
    adjusted$p[family] <- stats::p.adjust(p[family], "holm")
    return(adjusted)
  }
  found <- step_down_min_p(evidence[family], listed, call)
  adjusted$p[family] <- at_least_own(found$p, p[family])
  adjusted$error <- max(found$error)
  adjusted
}
