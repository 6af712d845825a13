# coef() and confint() of results whose tidy() table holds every estimate with its interval.

#' Estimates and intervals of results
#'
#' `coef()` and `confint()` of results that are tables read them from [generics::tidy()]: a row an estimate that has a
#' value, named by what it is of, and by its method where an estimate may have several intervals. `coef()` has each estimate
#' once, by the method named first.
#'
#' @param object A result.
#' @param parm Names of rows, or their numbers; by default all.
#' @param level The level of the intervals: that of the object. For another one ask for the result anew, by
#'   `update(object, conf.level = )`.
#' @param ... Not used.
#' @return `coef()`: a named vector. `confint()`: a matrix with columns `conf.low` and `conf.high`, on the scale of `tidy()`.
#' @section Errors: `her2mod_error_input` for another level than that of the object, for a `parm` that is none of its rows, and
#'   for results that have no confidence intervals: tests, bounds, tipping points and tables of counts.
#' @examples
#' x <- simulate_cohort(300, seed = 1)
#' found <- subgroup_effects(pcr ~ therapy, x, c("her2", "hr"))
#' confint(found)
#' coef(found)
#' @name intervals-her2mod
NULL

# The columns that tell a result's estimates from each other.
estimate_keys <- list(
  her2_interaction = c("measure", "group"), her2_shift = c("term", "group"), her2_claim = c("term", "group"),
  her2_comparison = c("part", "term", "group", "method"), her2_subgroups = c("variable", "level"), her2_baseline = "term",
  her2_cuminc = c("term", "group", "cause", "time"), her2_landmark = c("term", "analysis", "time"),
  her2_bands = c("term", "group", "time"), her2_claims = c("outcome", "term"), her2_perm = "term"
)
# In these an estimate may have several intervals.
keyed_by_method <- c("her2_interaction", "her2_shift", "her2_claim")

estimate_rows <- function(object, by_method) {
  rows <- tidy(object)
  # Effects within groups are no test of a difference between them.
  if (inherits(object, "her2_interaction")) rows <- rows[rows$term == "interaction", ]
  # Of a test the estimate is its score.
  rows <- rows[!is.na(rows$estimate) & rows$term != "test", ]
  class <- intersect(class(object), names(estimate_keys))[[1]]
  key <- c(estimate_keys[[class]], if (by_method && class %in% keyed_by_method) "method")
  rows$name <- joined_names(lapply(rows[key], function(part) if (is.numeric(part)) format_known(part) else part))
  rows
}

format_known <- function(x) ifelse(is.na(x), NA_character_, format_plain(x))

# "a:b:c", without the parts that are NA.
joined_names <- function(parts) {
  parts <- do.call(cbind, lapply(unname(parts), as.character))
  apply(parts, 1, function(all) paste(all[!is.na(all)], collapse = ":"))
}

level_of <- function(object) {
  if (inherits(object, "htest") && !is.null(object$conf.int)) return(attr(object$conf.int, "conf.level"))
  if (is.data.frame(object)) attr(object, "conf.level") else if (is.null(object$conf.level)) {
    object$wanted$conf.level
  } else {
    object$conf.level
  }
}

check_same_level <- function(level, own, call = rlang::caller_env()) {
  level <- check_probability(level, "level", call = call)
  if (isTRUE(all.equal(level, own))) return(invisible())
  abort_input(c("The intervals have level {.val {own}}.", i = "Ask again: {.code update(x, conf.level = {level})}."),
    arg = "level", value = level, call = call
  )
}

table_confint <- function(object, parm, level = level_of(object), ...) {
  check_no_dots(...)
  check_same_level(level, level_of(object))
  rows <- estimate_rows(object, by_method = TRUE)
  ends <- as.matrix(rows[c("conf.low", "conf.high")])
  rownames(ends) <- rows$name
  if (missing(parm)) return(ends)
  if (is.character(parm)) parm <- check_choice(parm, rows$name, "parm", several = TRUE)
  known <- is.character(parm) || (is.numeric(parm) && all(parm %in% seq_len(nrow(ends))))
  if (!known) {
    abort_input(c("{.arg parm} must be names or numbers of rows.", x = "There are {nrow(ends)} rows."),
      arg = "parm", value = parm
    )
  }
  ends[parm, , drop = FALSE]
}

table_coef <- function(object, ...) {
  check_no_dots(...)
  rows <- estimate_rows(object, by_method = FALSE)
  rows <- rows[!duplicated(rows$name), ]
  stats::setNames(rows$estimate, rows$name)
}

#' @rdname intervals-her2mod
#' @export
coef.her2_interaction <- table_coef
#' @rdname intervals-her2mod
#' @export
confint.her2_interaction <- table_confint
#' @rdname intervals-her2mod
#' @export
coef.her2_shift <- table_coef
#' @rdname intervals-her2mod
#' @export
confint.her2_shift <- table_confint
#' @rdname intervals-her2mod
#' @export
coef.her2_claim <- table_coef
#' @rdname intervals-her2mod
#' @export
confint.her2_claim <- table_confint
#' @rdname intervals-her2mod
#' @export
coef.her2_comparison <- table_coef
#' @rdname intervals-her2mod
#' @export
confint.her2_comparison <- table_confint
#' @rdname intervals-her2mod
#' @export
coef.her2_subgroups <- table_coef
#' @rdname intervals-her2mod
#' @export
confint.her2_subgroups <- table_confint
#' @rdname intervals-her2mod
#' @export
coef.her2_baseline <- table_coef
#' @rdname intervals-her2mod
#' @export
confint.her2_baseline <- table_confint
#' @rdname intervals-her2mod
#' @export
coef.her2_cuminc <- table_coef
#' @rdname intervals-her2mod
#' @export
confint.her2_cuminc <- table_confint
#' @rdname intervals-her2mod
#' @export
coef.her2_landmark <- table_coef
#' @rdname intervals-her2mod
#' @export
confint.her2_landmark <- table_confint
#' @rdname intervals-her2mod
#' @export
coef.her2_bands <- table_coef
#' @rdname intervals-her2mod
#' @export
confint.her2_bands <- table_confint
#' @rdname intervals-her2mod
#' @export
coef.her2_claims <- table_coef
#' @rdname intervals-her2mod
#' @export
confint.her2_claims <- table_confint

# --- results without intervals -------------------------------------------------------------------------------

no_interval_because <- list(
  her2_perm = c("This test was asked for no interval.", i = "{.code perm_test(..., conf.int = TRUE)} inverts it."),
  her2_null = c("A null distribution has no confidence interval.", i = "{.fn null_q} gives its quantiles."),
  her2_zph = c("Tests of proportional hazards have no confidence interval.",
    i = "{.fn confint} of the {.fn cox_regression} gives those of the hazard ratios."),
  her2_tipping = c("Tipping points have no confidence interval.",
    i = "{.fn compare_proportions} gives that of the observed patients."),
  her2_westfall_young = c("Adjusted p-values have no confidence interval.", i = "{.fn boot_ci} gives those of the effects."),
  her2_bounds = c("Bounds hold for sure: they have no confidence interval.", i = "{.fn tidy} gives the bounds."),
  her2_counts = c("Recovered counts have no confidence interval.", i = "{.fn compare_proportions} compares them."),
  her2_audit = c("Recomputed p-values have no confidence interval.", i = "{.fn compare_proportions} gives that of the effect."),
  her2_detectable = c("Detectable differences describe a design: they have no confidence interval.",
    i = "{.fn compare_proportions} gives that of a result.")
)

no_confint <- function(object, ...) {
  abort_input(no_interval_because[[intersect(class(object), names(no_interval_because))[[1]]]], arg = "object")
}

#' @rdname intervals-her2mod
#' @export
confint.her2_perm <- function(object, parm, level = level_of(object), ...) {
  if (is.null(object$conf.int)) no_confint(object) else table_confint(object, parm, level, ...)
}
#' @export
confint.her2_null <- no_confint
#' @export
confint.her2_zph <- no_confint
#' @export
confint.her2_tipping <- no_confint
#' @export
confint.her2_westfall_young <- no_confint
#' @export
confint.her2_bounds <- no_confint
#' @export
confint.her2_counts <- no_confint
#' @export
confint.her2_audit <- no_confint
#' @export
confint.her2_detectable <- no_confint
