# What a `her2_perm` can do.

#' @export
format.her2_perm <- function(x, ...) {
  x$groups <- spoken_levels(x$groups, x$group_name)
  c(
    paste0(x$method, ": ", format_estimand(x$spec, x$groups)),
    format_group_counts(x, reference_of(x$spec, x$groups)),
    paste0(
      if (x$spec$role == "test") "  statistic " else "  estimate ",
      format_effect(x$spec, x$statistic[[1]], decimals_for(abs(x$statistic[[1]])))
    ),
    if (!is.null(x$conf.int)) format_inverted(x),
    paste0(
      "  ", if (x$midp) "mid-p " else "p ", format_p(x$p.value), ", ", alternative_words[[x$alternative]],
      format_p_interval(x)
    ),
    paste0("  permuted within ", x$within, if (!is.na(x$p.value)) paste0("; ", format_null_kind(x))),
    format_own_clusters(x),
    if (!is.null(x$tail)) "  the groups' shares differ between strata: the two-sided p is twice that of the observed tail",
    if (!is.null(x$follow_up)) paste0("  ", format_follow_up(x$follow_up)),
    if (!is.null(x$stop)) paste0("  ", format_stop(x)),
    if (!is.null(x$spec$restricted)) paste0("  ", x$spec$restricted),
    if (!is.null(x$note)) paste0("  ", format_note(x))
  )
}

# Statistics that compare within strata do so within clusters that hold several groups.
format_own_clusters <- function(x) {
  what <- c(
    log_hazard_ratio = "risk sets are", logrank = "risk sets are", fleming_harrington = "risk sets are",
    maxcombo = "risk sets are", kruskal_wallis = "ranks are", chi_squared = "categories are"
  )
  if (x$within != "clusters" || !x$spec$name %in% names(what)) return(NULL)
  paste0("  compared within clusters, as within strata: ", what[[x$spec$name]], " those of each cluster")
}

format_inverted <- function(x) {
  level <- attr(x$conf.int, "conf.level")
  R <- attr(x$conf.int, "R")
  exact_risk <- x$spec$name == "risk_difference"
  test <- if (exact_risk || x$alternative != "two.sided") "the test" else "one-sided tests, each at half of the level,"
  interval <- paste0(
    "  ", format(100 * level), "% interval by inverting ", test, " ",
    format_interval(x$conf.int[[1]], x$conf.int[[2]], function(v) format_effect(x$spec, v))
  )
  if (exact_risk) return(c(paste(interval, "(exact)"), paste0("  ", format_relabelled(x))))
  if (is.null(R)) return(c(paste(interval, "(all arrangements)"), format_disagreement(x)))
  c(
    paste0(
      interval, " (Monte Carlo error ", paste(format_number(attr(x$conf.int, "mc.error"), 2), collapse = ", "), "; R = ",
      format(R, big.mark = ",", scientific = FALSE), ", seed ", format(attr(x$conf.int, "seed"), scientific = FALSE), ")"
    ),
    format_disagreement(x)
  )
}

# The two-sided p is of the distance from the centre, the interval of either tail: of skewed data they may differ.
format_disagreement <- function(x) {
  if (x$alternative != "two.sided" || is.na(x$p.value)) return(NULL)
  null <- x$null.value[[1]]
  excluded <- x$conf.int[[1]] > null || x$conf.int[[2]] < null
  if (excluded == (x$p.value < 1 - attr(x$conf.int, "conf.level"))) return(NULL)
  paste0("  the p-value is of the distance from the centre, whichever tail; here it and the interval disagree on ",
    format_effect(x$spec, x$spec$null))
}

format_relabelled <- function(x) {
  paste0(
    "of the average effect of the label on these ", format(sum(x$cells$n), big.mark = ","),
    " patients; for populations: compare_proportions()"
  )
}

format_note <- function(x) {
  paste0(if (is.na(x$p.value)) "no p-value: " else if (is.na(x$R)) "p = 1: " else "not exact: ", x$note)
}

format_p_interval <- function(x) {
  if (is.na(x$p.value)) return("")
  if (is.na(x$R)) {
    if (diff(x$p.interval) <= 1e-9) return("")
    bounds <- format_number(x$p.interval, 5)
    return(paste0("; certified between ", bounds[[1]], " and ", bounds[[2]]))
  }
  if (!is.null(x$stop) && x$stop$rule == "gandy" && x$stop$stopped) return("")
  paste0(
    "; 95% Monte Carlo interval ", format_number(x$p.interval[[1]], 3), " to ",
    format_number(x$p.interval[[2]], 3)
  )
}

format_null_kind <- function(x) {
  if (is.na(x$R)) {
    return(paste0("exact null distribution", if (!is.null(x$by)) paste0(" (", x$by, ")"), ", no Monte Carlo error"))
  }
  paste0(
    x$exceeding, " of R = ", format(x$R, big.mark = ",", scientific = FALSE), " at least as extreme, seed ",
    format(x$seed, scientific = FALSE), "; ", format_failures(x$failures, x$R, "counted as extreme", x$spec)
  )
}

format_stop <- function(x) {
  rule <- c(besag_clifford = "Besag and Clifford", gandy = "Gandy")[[x$stop$rule]]
  if (!x$stop$stopped) return(paste0("sequential (", rule, "): not stopped; p is that of all replicates"))
  if (x$stop$rule == "besag_clifford") {
    return(paste0("sequential (", rule, "): stopped at ", besag_clifford_h, " extreme arrangements"))
  }
  paste0(
    "sequential (", rule, "): p is ", if (x$stop$verdict == "below") "at most " else "above ",
    format(x$stop$alpha), ", wrong with a probability of at most 0.001; the p shown is an estimate"
  )
}

#' @export
print.her2_perm <- function(x, ...) {
  writeLines(format(x, ...))
  invisible(x)
}

#' @rdname tidy-her2mod
#' @export
tidy.her2_perm <- function(x, ...) {
  data.frame(
    term = x$spec$name, estimate = x$statistic[[1]], std.error = NA_real_,
    statistic = x$statistic[[1]], p.value = x$p.value,
    conf.low = if (is.null(x$conf.int)) NA_real_ else x$conf.int[[1]],
    conf.high = if (is.null(x$conf.int)) NA_real_ else x$conf.int[[2]],
    method = x$method, alternative = x$alternative,
    p.low = x$p.interval[[1]], p.high = x$p.interval[[2]]
  )
}

#' @rdname tidy-her2mod
#' @export
glance.her2_perm <- function(x, ...) {
  reference <- reference_of(x$spec, x$groups)
  data.frame(
    reference = reference, other = other_groups(x$groups, reference), n = sum(x$cells$n),
    events = sum(x$cells$x), strata = max(1L, length(x$strata)),
    clusters = if (is.null(x$clusters)) NA_integer_ else length(x$clusters), R = x$R, seed = x$seed,
    undefined = if (is.null(x$failures)) NA_real_ else x$failures[["undefined"]],
    infinite = if (is.null(x$failures)) NA_real_ else x$failures[["infinite"]],
    n_dropped = x$n_dropped
  )
}

#' @export
as.data.frame.her2_perm <- function(x, ...) tidy(x)

#' @export
summary.her2_perm <- function(object, ...) object

#' @export
coef.her2_perm <- function(object, ...) stats::setNames(object$statistic[[1]], object$spec$name)
