# What a `her2_interaction` can do.

#' @export
format.her2_interaction <- function(x, ...) {
  x <- spoken(x)
  c(
    format_interaction_head(x),
    unlist(lapply(x$measures, function(measure) c("", format_measure(x, measure)))),
    "", format_interaction_foot(x)
  )
}

#' @export
print.her2_interaction <- function(x, ...) {
  writeLines(format(x, ...))
  invisible(x)
}

spoken <- function(x) {
  levels <- spoken_levels(x$strata, x$modifier)
  rename <- function(group) levels[match(group, x$strata)]
  x$estimates$group <- rename(x$estimates$group)
  if (!is.null(x$boot)) {
    within <- startsWith(x$boot$errors$of, "within ")
    x$boot$errors$group <- rename(x$boot$errors$group)
    x$boot$errors$of <- paste0(ifelse(within, "within ", ""), x$boot$errors$group)
  }
  x$strata <- levels
  x$groups <- spoken_levels(x$groups, x$therapy)
  x
}

format_interaction_head <- function(x) {
  cells <- x$cells
  cell <- function(group) format_counts(cells[cells$group == group, ])
  note <- ifelse(seq_along(x$strata) == 1, " (reference)", "")
  total <- function(v) format(sum(cells[[v]]), big.mark = ",", scientific = FALSE)
  c(
    paste0("Interaction: does the effect of ", x$groups[[2]], " against ", x$groups[[1]], " differ by ", x$modifier, "?"),
    format_columns(list(
      c("", paste0(x$strata, note)), c(x$groups[[2]], cell(1)), c(x$groups[[1]], cell(0))
    )),
    paste0(
      "  events (", x$event, ") / patients; in all ", total("x"), "/", total("n"),
      if (length(x$adjusted)) paste0("; adjusted for ", toString(x$adjusted)),
      if (x$n_dropped > 0) paste0("; ", count_of(x$n_dropped, "row"), " with missing values dropped")
    ),
    paste0("  ", paste(c("two-sided", paste0(format(100 * x$conf.level), "% intervals"),
      simulated_remark(x$simulated)), collapse = ", "))
  )
}

format_measure <- function(x, measure) {
  rows <- x$estimates[x$estimates$measure == measure, ]
  ratio <- is_ratio(measure)
  number <- measure_number(rows, measure)
  scale <- measure_scale(measure)
  title <- paste0(
    toupper(substr(scale, 1, 1)), substring(scale, 2), " scale: ", if (length(x$adjusted)) "adjusted ",
    measure_titles[[measure]], ", ", format_direction(x$groups, if (ratio) "log" else "identity"),
    if (measure == "rmst_difference") paste0(", up to ", format(x$tau))
  )
  effects <- rows[rows$term == "effect", ]
  c(
    title,
    format_columns(list(
      paste0("within ", effects$group), number(effects$estimate), effect_interval(effects, number), effects$method
    )),
    format_contrasts(x, rows, number, ratio),
    format_omnibus(x, rows[rows$term == "test", ])
  )
}

measure_number <- function(rows, measure) {
  if (measure != "risk_difference") return(format_number)
  decimals <- decimals_for(rows$conf.high - rows$conf.low)
  function(v) format_fixed(v, decimals)
}

effect_interval <- function(rows, number) {
  ifelse(is.na(rows$conf.low) & is.na(rows$conf.high), "no interval", format_interval(rows$conf.low, rows$conf.high, number))
}

format_contrasts <- function(x, rows, number, ratio) {
  unlist(lapply(x$strata[-1], function(level) {
    own <- rows[rows$term == "interaction" & rows$group == level, ]
    if (nrow(own) == 0) return(NULL)
    what <- if (ratio) "Ratio of ratios, " else "Difference of differences, "
    c(
      paste0("  ", what, level, if (ratio) " over " else " minus ", x$strata[[1]]),
      format_columns(list(own$method, number(own$estimate), effect_interval(own, number),
        ifelse(is.na(own$p.value), "no p", paste("p", format_least_p(own$p.value, is_least_p(x, own))))), indent = "    ")
    )
  }))
}

is_least_p <- function(x, rows) {
  rows$method %in% names(bootstrap_types) & rows$p.value <= 2 / (if (is.null(x$boot)) Inf else x$boot$R + 1) * (1 + 1e-9)
}

format_omnibus <- function(x, tests) {
  if (nrow(tests) == 0) return(NULL)
  chi <- ifelse(is.na(tests$df), "", paste0("chi-squared ", format_number(tests$statistic), ", df ", tests$df))
  c(
    if (length(x$strata) > 2) "  All groups have the same effect" else "  The same effect, tests without an interval",
    format_columns(list(tests$method, chi, ifelse(is.na(tests$p.value), "no p", paste("p", format_p(tests$p.value)))),
      indent = "    "
    )
  )
}

format_interaction_foot <- function(x) {
  rows <- x$estimates
  no_wald <- rows[rows$method == "wald" & rows$term != "effect" & is.na(rows$p.value), ]
  no_zelen <- rows$method == "zelen" & rows$term == "test" & is.na(rows$p.value)
  single <- rows$term == "effect" & is_ratio(rows$measure) & !(rows$estimate > 0 & rows$estimate < Inf) %in% TRUE
  c(
    format_boot_errors(x),
    if (nrow(no_wald)) {
      paste0(
        "No p-value for wald (", toString(measure_titles[unique(no_wald$measure)]), "): no standard error, by counts of 0."
      )
    },
    strwrap(as.character(x$notes), 110, exdent = 2),
    if (any(no_zelen)) "zelen: too many tables to look at.",
    if (any(single)) paste0("A ratio of 0, Inf or NA in ", toString(unique(rows$group[single])), " comes of counts of 0."),
    if (any(by_g_computation(x, x$measures))) {
      paste0("By g-computation: each effect is standardised to the covariates of the patients of its own ", x$modifier, ".")
    },
    if (length(x$measures) > 1) "The scales ask different questions: effects can be equal on one and differ on another.",
    "Whether an effect is significant within one group and not in another is no test of a difference."
  )
}

format_boot_errors <- function(x) {
  if (is.null(x$boot)) return(NULL)
  errors <- x$boot$errors
  c(
    paste0("Bootstrap: R = ", format(x$boot$R, big.mark = ",", scientific = FALSE), ", seed ",
      format(x$boot$seed, scientific = FALSE), "; Monte Carlo errors"),
    format_columns(list(
      paste(measure_titles[errors$measure], errors$of, errors$method, sep = ", "),
      paste0("ends ", format_number(errors$mc.error.low, 2), ", ", format_number(errors$mc.error.high, 2)),
      paste("p", format_number(errors$mc.error.p, 2))
    ))
  )
}

#' @rdname test_interaction
#' @param x A `her2_interaction`.
#' @param ... Not used.
#' @export
tidy.her2_interaction <- function(x, ...) x$estimates

#' @rdname test_interaction
#' @export
glance.her2_interaction <- function(x, ...) {
  tests <- do.call(rbind, lapply(x$measures, first_test, x = x))
  data.frame(
    measure = tests$measure, scale = measure_scale(tests$measure), method = tests$method, statistic = tests$statistic,
    df = tests$df, p.value = tests$p.value, n = sum(x$cells$n), events = sum(x$cells$x),
    groups = length(x$strata), conf.level = x$conf.level, n_dropped = x$n_dropped
  )
}

#' @export
as.data.frame.her2_interaction <- function(x, ...) x$estimates

#' @export
summary.her2_interaction <- function(object, ...) object
