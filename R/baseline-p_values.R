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
  drawn <- if (adjust == "westfall_young" && sum(family) > 1) family else open
  seed <- NA_real_
  evidence <- vector("list", length(tests))
  if (any(drawn)) {
    seed <- resolve_seed(how$seed)
    how$seed <- seed
    if (how$progress) bar <- start_bar("Variables", sum(drawn))
    quiet <- utils::modifyList(how, list(progress = FALSE))
    for (i in which(drawn)) {
      replicates <- shared_replicates(tests[[i]], design, seed, quiet, call)
      if (open[[i]]) found[[i]] <- monte_carlo_baseline(tests[[i]], replicates)
      evidence[[i]] <- baseline_evidence(tests[[i]], replicates)
      if (how$progress) move_bar(bar)
    }
  }
  rows <- do.call(rbind, lapply(seq_along(tests), function(i) tested_row(tests[[i]], found[[i]])))
  rows$p.adjusted <- adjusted_p(rows$p.value, evidence, family, adjust, call)
  list(
    rows = rows, family = sum(family), seed = seed, R = if (any(drawn)) how$R else NA_real_, adjust = adjust,
    large = method != wanted$method
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

# Exact p's are closer than their own replicates say: no adjusted one is below them.
adjusted_p <- function(p, evidence, family, adjust, call) {
  if (adjust == "none") return(rep(NA_real_, length(p)))
  if (adjust == "holm" || sum(family) < 2) return(stats::p.adjust(p, "holm"))
  adjusted <- ifelse(is.na(p), NA_real_, 1)
  adjusted[family] <- call_core(cpp_westfall_young(
    "min_p", vapply(evidence[family], `[[`, 0, "observed"), do.call(cbind, lapply(evidence[family], `[[`, "replicates"))
  ), call)
  pmax(adjusted, p)
}
