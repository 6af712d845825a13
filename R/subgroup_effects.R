#' Effects of a therapy in subgroups, with an interaction test for each variable
#'
#' The numbers of a subgroup forest plot: the effect in all patients and in the levels of any number of variables, with
#' one interaction p-value a variable. `autoplot()` draws it.
#'
#' @details
#' Effects and interaction tests are those of [test_interaction()] of `therapy * variable`: for counts score, Koopman's
#' and Newcombe's intervals within levels and the score test; for hazard ratios Cox's model of therapy, variable and their
#' product, Wald's intervals and the likelihood-ratio test; for restricted means Wald's.
#'
#' Several variables make several tests: at 5% each, one in twenty has p < 0.05 where no effect differs anywhere. The p
#' are not adjusted for that; the print says how many there are. No p-value is given for the effect within a subgroup:
#' comparing such p-values is no test of a difference.
#'
#' Restricted means are those up to one time `tau` in all rows. By default it is within the follow-up of every group of
#' every subgroup; a variable of which a group's follow-up ends before a `tau` that is given has no effects.
#'
#' A patient without a value of one variable takes part in the others. Levels in which a therapy has no patients
#' have a row without an effect and no part in the interaction; so have, of hazard ratios, those without an event.
#'
#' @inheritParams test_interaction
#' @param formula `pcr ~ therapy`, `cbind(event, n - event) ~ therapy` or `Surv(time, status) ~ therapy`
#'   ([Surv_CNSR()] for ADaM data).
#' @param subgroups Names of variables of `data`; names of the vector, where there are some, are titles.
#' @param effect One effect; by default the risk difference, or the hazard ratio.
#' @return An object of class `her2_subgroups`. [generics::tidy()] gives one row a subgroup (the first of all patients),
#'   with columns variable, level, term (`"effect"`), n, events, n0, x0, n1, x1 (reference and other therapy), measure,
#'   method, estimate, std.error, statistic, p.value, conf.low, conf.high, alternative, information (1 over the squared
#'   standard error that the interval's width stands for, on the logarithm of a ratio), interaction.p, interaction.method
#'   and missing (patients without a value of the variable).
#' @section Errors: as [test_interaction()]; `her2mod_error_input` where a variable is not in `data`.
#' @seealso [test_interaction()], [check_claim()], [shrink_effects()]
#' @examples
#' gbsg <- survival::gbsg
#' gbsg$hormon <- factor(gbsg$hormon, labels = c("no tamoxifen", "tamoxifen"))
#' gbsg$age_group <- cut(gbsg$age, c(0, 50, 60, Inf), c("to 50", "51 to 60", "over 60"))
#' found <- subgroup_effects(Surv(rfstime / 30.44, status) ~ hormon, gbsg,
#'   subgroups = c(Grade = "grade", Age = "age_group")
#' )
#' found
#' @export
subgroup_effects <- function(formula, data, subgroups, effect = NULL, tau = NULL, subset = NULL,
                             na.action = stats::na.omit, weights = NULL, ref = NULL, conf.level = 0.95) {
  conf.level <- check_probability(conf.level, "conf.level")
  subgroups <- check_subgroups(subgroups, data)
  quoted <- list(subset = substitute(subset), weights = substitute(weights))
  all <- claim_data(formula, NULL, data, quoted, na.action, ref)
  if (!is.null(all$modifier)) {
    abort_input(c("{.arg formula} names the therapy only: {.code pcr ~ therapy}.",
      i = "The variables of subgroups are named in {.arg subgroups}."), arg = "formula")
  }
  if (all$therapy %in% subgroups) {
    abort_input("{.field {all$therapy}} is the therapy, and cannot be one of {.arg subgroups}.", arg = "subgroups")
  }
  measure <- subgroup_measure(effect, all)
  refuse_tau(tau, measure)
  wanted <- list(measure = measure, conf.level = conf.level, tau = tau)
  parts <- lapply(subgroups, function(variable) {
    crossed <- formula
    rlang::f_rhs(crossed) <- rlang::call2("*", rlang::f_rhs(formula), as.name(variable))
    x <- interaction_data(crossed, data, quoted, na.action, therapy_reference(ref, all), all_cells = FALSE)
    list(all = x, compared = compared_levels(x))
  })
  if (measure == "rmst_difference") wanted$tau <- subgroup_tau(tau, all, parts)
  note <- if (measure == "rmst_difference") subgroup_note(all, parts, wanted$tau)
  warn_certain_cells(note)
  rows <- Map(function(part, title) subgroup_rows(part, title, wanted), parts, names(subgroups))
  rows <- rbind(overall_row(all, wanted), do.call(rbind, unname(rows)))
  structure(
    list(
      estimates = rows, groups = all$groups, therapy = all$therapy, event = all$event, measure = measure,
      tau = wanted$tau, conf.level = conf.level, n_dropped = all$n_dropped, variables = unname(subgroups),
      simulated = is_simulated(data), call = match.call(), notes = note
    ),
    class = "her2_subgroups"
  )
}

check_subgroups <- function(subgroups, data, call = rlang::caller_env()) {
  if (!is.data.frame(data)) {
    abort_input(c("{.arg data} must be a data frame.", x = "It is {.obj_type_friendly {data}}."), arg = "data", call = call)
  }
  if (!is.character(subgroups) || length(subgroups) == 0 || anyNA(subgroups) || anyDuplicated(subgroups)) {
    abort_input("{.arg subgroups} must be names of variables, each once.", arg = "subgroups", call = call)
  }
  unknown <- setdiff(subgroups, names(data))
  if (length(unknown)) {
    abort_input(c("{.arg subgroups} must be variables of {.arg data}.", x = "Not there: {.val {unknown}}."),
      arg = "subgroups", value = unknown, call = call)
  }
  titles <- names(subgroups)
  if (is.null(titles)) titles <- rep("", length(subgroups))
  stats::setNames(subgroups, ifelse(titles == "", subgroups, titles))
}

subgroup_measure <- function(effect, x, call = rlang::caller_env()) {
  if (is.null(effect)) return(if (x$endpoint == "survival") "hazard_ratio" else "risk_difference")
  measure <- choose_measures(effect, x, call)
  if (length(measure) > 1) {
    abort_input("{.arg effect} must be one effect: one picture has one axis.", arg = "effect", call = call)
  }
  measure
}

therapy_reference <- function(ref, all) {
  if (is.null(ref)) NULL else stats::setNames(list(all$groups[[1]]), all$therapy)
}

# The levels in which both therapies have patients; NULL where there are none.
compared_levels <- function(x) {
  empty <- unique(x$cells$stratum[x$cells$n == 0]) + 1
  used <- setdiff(seq_along(x$strata), empty)
  if (length(used) == 0) NULL else keep_levels(x, used)
}

keep_levels <- function(x, used) {
  x$rows <- take_rows(x$rows, x$rows$stratum %in% (used - 1))
  x$rows$stratum <- match(x$rows$stratum, used - 1) - 1L
  x$cells <- x$cells[x$cells$stratum %in% (used - 1), ]
  x$cells$stratum <- match(x$cells$stratum, used - 1) - 1L
  x$strata <- x$strata[used]
  x
}

# By default within the follow-up of every group of every subgroup, so that all rows ask the same question.
subgroup_tau <- function(tau, all, parts, call = rlang::caller_env()) {
  if (!is.null(tau)) return(choose_cell_tau(tau, all, cell_curves(all), call))
  compared <- c(list(all), lapply(parts, `[[`, "compared"))
  compared <- compared[!vapply(compared, is.null, NA)]
  min(vapply(compared, function(x) choose_cell_tau(NULL, x, cell_curves(x), call), 0))
}

# Of all rows in one note.
subgroup_note <- function(all, parts, tau) {
  compared <- c(list(all), lapply(parts, `[[`, "compared"))
  cells <- lapply(compared[!vapply(compared, is.null, NA)], function(x) {
    curves <- cell_curves(x)
    if (all(vapply(curves, last_usable, 0) >= tau)) certain_cells(x, curves, tau)
  })
  of <- function(field) unlist(lapply(cells, `[[`, field))
  certain_cells_note(list(names = of("names"), events = sum(of("events"))), tau)
}

# --- rows -------------------------------------------------------------------------------------------------------

subgroup_row <- function(variable, level, cells, wanted, effect = NULL, test = NULL, missing = 0) {
  t <- as.list(interaction_tables(cells))
  show <- if (is_ratio(wanted$measure)) log else identity
  width <- if (is.null(effect)) NA_real_ else show(effect$conf.high) - show(effect$conf.low)
  information <- (2 * stats::qnorm((1 + wanted$conf.level) / 2) / width)^2
  value <- function(column, none = NA_real_) if (is.null(effect)) none else effect[[column]]
  data.frame(
    variable = variable, level = level, term = "effect", n = t$n0 + t$n1, events = t$x0 + t$x1, n0 = t$n0, x0 = t$x0, n1 = t$n1,
    x1 = t$x1, measure = wanted$measure, method = value("method", NA_character_), estimate = value("estimate"),
    std.error = value("std.error"), statistic = value("statistic"), p.value = value("p.value"),
    conf.low = value("conf.low"), conf.high = value("conf.high"), alternative = "two.sided",
    information = if (is.finite(information)) information else NA_real_,
    interaction.p = if (is.null(test)) NA_real_ else test$p.value,
    interaction.method = if (is.null(test)) NA_character_ else test$method, missing = missing, row.names = NULL
  )
}

overall_row <- function(x, wanted) subgroup_row("all patients", "all patients", x$cells, wanted, one_effect(x, wanted))

# In all patients of x, who have one level.
one_effect <- function(x, wanted) {
  if (wanted$measure %in% names(count_methods)) return(count_effects(x, wanted$measure, wanted))
  own <- if (wanted$measure == "hazard_ratio") {
    claim_hazard_ratio(x, 1, wanted$conf.level)
  } else {
    claim_mean(x, 1, wanted$conf.level, wanted$tau)
  }
  wald_interaction(wanted$measure, "effect", "wald", "all patients", own$estimate, own$std.error, wanted)
}

subgroup_rows <- function(part, title, wanted) {
  x <- part$all
  used <- match(x$strata, part$compared$strata)
  found <- if (!is.null(part$compared)) level_effects(part$compared, wanted)
  rows <- lapply(seq_along(x$strata), function(k) {
    cells <- x$cells[x$cells$stratum == k - 1, ]
    effect <- if (!is.na(used[[k]])) found$effects[used[[k]], ]
    subgroup_row(title, x$strata[[k]], cells, wanted, effect, found$test, x$n_dropped)
  })
  do.call(rbind, rows)
}

# Effects of the levels, and their interaction.
level_effects <- function(x, wanted) {
  late <- wanted$measure == "rmst_difference" && any(vapply(cell_curves(x), last_usable, 0) < wanted$tau)
  if (late) return(list(effects = NULL, test = NULL))
  if (length(x$strata) == 1) return(list(effects = one_effect(x, wanted), test = NULL))
  methods <- switch(wanted$measure, hazard_ratio = c("likelihood-ratio", "wald"), rmst_difference = "wald", "score")
  result <- new_interaction(x, wanted$measure, c(wanted, list(methods = methods)), FALSE, NULL)
  rows <- tidy(result)
  list(effects = rows[rows$term == "effect", ], test = first_test(result, wanted$measure))
}
