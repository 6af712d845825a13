# What a `her2_proportions_stratified` can do: text, tidy tables, the usual extractors.

#' @export
format.her2_proportions_stratified <- function(x, ...) {
  x$groups <- spoken_levels(x$groups, x$group_name)
  sections <- lapply(intersect(stratified_terms, x$estimates$term), format_stratified_term, x = x)
  c(
    format_stratified_head(x), "", format_strata(x),
    unlist(lapply(sections, function(lines) c("", lines))), format_stratified_foot(x)
  )
}

#' @export
print.her2_proportions_stratified <- function(x, ...) {
  writeLines(format(x, ...))
  invisible(x)
}

format_stratified_head <- function(x) {
  totals <- data.frame(x = c(sum(x$strata$x0), sum(x$strata$x1)), n = c(sum(x$strata$n0), sum(x$strata$n1)))
  c(
    paste0(
      "Two proportions within ", count_of(nrow(x$strata), "stratum", "strata"), " (", x$stratum_name, "): ",
      x$groups[[2]], " against ", x$groups[[1]], " (reference)"
    ),
    format_columns(list(x$groups, format_counts(totals), format_percent(totals$x / totals$n))),
    paste0(
      "  events (", x$event, "), all strata together; ", alternative_words[[x$alternative]], ", ",
      format(100 * x$conf.level), "% intervals",
      if (x$n_dropped > 0) paste0("; ", count_of(x$n_dropped, "row"), " with missing values dropped"),
      if (x$simulated) paste0("; ", simulated_remark(TRUE))
    )
  )
}

# So many strata are listed; more are counted.
most_strata_shown <- 12

format_strata <- function(x) {
  shown <- x$strata[seq_len(min(nrow(x$strata), most_strata_shown)), ]
  cell <- function(events, n) paste0(events, "/", n, ifelse(n > 0, paste0(" (", format_percent(events / n), ")"), ""))
  c(
    format_columns(list(
      c(x$stratum_name, shown$stratum), c(x$groups[[1]], cell(shown$x0, shown$n0)),
      c(x$groups[[2]], cell(shown$x1, shown$n1))
    )),
    if (nrow(x$strata) > most_strata_shown) {
      paste0("  and ", nrow(x$strata) - most_strata_shown, " more: tidy(x, \"strata\")")
    }
  )
}

# The estimand, in words.
stratified_titles <- function(term, x) {
  within <- paste("within", x$stratum_name)
  switch(term,
    risk_difference = paste0(
      "Mean risk difference ", within, ", ", format_direction(x$groups, "identity"),
      " (weights n1 n0 / N; inverse-variance: its own)"
    ),
    risk_ratio = paste0("Common risk ratio ", within, ", ", format_direction(x$groups, "log")),
    odds_ratio = paste0("Common odds ratio given ", x$stratum_name, ", ", format_direction(x$groups, "log")),
    test = paste0("Tests of no effect in any ", x$stratum_name),
    homogeneity = paste0("Tests of one odds ratio in every ", x$stratum_name)
  )
}

format_stratified_term <- function(term, x) {
  rows <- x$estimates[x$estimates$term == term, ]
  p <- ifelse(is.na(rows$p.value), "", paste("p", format_p(rows$p.value)))
  title <- stratified_titles(term, x)
  if (term %in% c("test", "homogeneity")) {
    statistic <- ifelse(is.na(rows$statistic), "", ifelse(rows$method %in% c("cmh-exact", "cmh-midp"),
      paste("S =", rows$statistic),
      paste(if (term == "test") "z =" else "chi-squared =", format_fixed(rows$statistic, 3))
    ))
    df <- ifelse(is.na(rows$df) | is.na(rows$statistic), "", paste("df =", rows$df))
    columns <- list(rows$method, statistic, if (term == "homogeneity") df, p)
    return(c(title, format_columns(columns[!vapply(columns, is.null, NA)])))
  }
  decimals <- decimals_for(rows$conf.high - rows$conf.low)
  number <- if (term == "risk_difference") function(v) format_fixed(v, decimals) else format_number
  c(title, format_columns(list(
    rows$method, number(rows$estimate), format_interval(rows$conf.low, rows$conf.high, number), p
  )))
}

format_stratified_foot <- function(x) {
  says <- x$strata$says
  named <- function(which) toString(c(
    first_of(x$strata$stratum[which], 5), if (sum(which) > 5) paste(sum(which) - 5, "more")
  ))
  rows <- x$estimates
  no_mean <- rows$method == "inverse-variance" & is.na(rows$estimate)
  homogeneity <- rows[rows$term == "homogeneity" & is.na(rows$p.value), ]
  still <- rows$term == "risk_difference" & rows$std.error %in% 0
  notes <- c(
    if (any(says == "one group")) {
      paste0("One group only, so these contribute nothing: ", named(says == "one group"), ".")
    },
    if (any(says == "no events")) {
      paste0("No events; these contribute to the risk difference only: ", named(says == "no events"), ".")
    },
    if (any(says == "only events")) {
      paste0(
        "Events only; these contribute to risk difference and risk ratio, not to odds ratio and tests: ",
        named(says == "only events"), "."
      )
    },
    if (any(no_mean)) {
      paste0(
        "No inverse-variance mean of the ", toString(gsub("_", " ", rows$term[no_mean])),
        ": a stratum's estimated variance is 0 or infinite."
      )
    },
    if (any(still)) {
      paste0("Nothing varies within the strata: the interval of ", toString(rows$method[still]), " is one point.")
    },
    if (any(rows$term == "homogeneity" & rows$df %in% 0)) {
      "Fewer than two strata tell an odds ratio: there is nothing that could differ."
    },
    if (nrow(homogeneity)) "No zelen: too many tables to look at."
  )
  if (length(notes)) c("", notes)
}

#' Tidy a comparison of two proportions within strata
#'
#' @param x A `her2_proportions_stratified`, from [compare_proportions()] with strata.
#' @param what `"estimates"`, or `"strata"`.
#' @param ... Not used.
#' @return `tidy()`: a data frame, one row a (term, method), with columns term, method, estimate, std.error (of
#'   ratios on the log scale), conf.low, conf.high, statistic, df, p.value, alternative; of `"strata"` one row a
#'   stratum, with the counts, the risk difference with its Miettinen-Nurminen interval, the odds ratio with its exact
#'   conditional one, the weight in the risk difference (they add up to 1), and `says`: empty, or why the stratum does
#'   not contribute to everything. `glance()`: one row with totals, level and alternative.
#' @export
tidy.her2_proportions_stratified <- function(x, what = c("estimates", "strata"), ...) {
  check_no_dots(...)
  what <- check_option(what, c("estimates", "strata"), "what")
  if (what == "estimates") return(x$estimates)
  strata_table(x)
}

# Two-sided, whatever the common effect's intervals are: these describe.
strata_table <- function(x) {
  strata <- x$strata
  wanted <- list(
    risk_difference = method_index("risk_difference", "miettinen-nurminen"),
    odds_ratio = method_index("odds_ratio", "fisher-conditional")
  )
  both <- strata$says != "one group"
  weight <- ifelse(both, mh_weight(strata), 0)
  strata$weight <- weight / sum(weight)
  for (term in names(wanted)) {
    columns <- matrix(NA_real_, nrow(strata), 3)
    for (i in which(both)) {
      row <- cpp_two_proportions(
        strata$x0[[i]], strata$n0[[i]], strata$x1[[i]], strata$n1[[i]], x$conf.level, "two.sided", wanted[[term]]
      )
      columns[i, ] <- as.matrix(row)[1, c("estimate", "conf.low", "conf.high")]
    }
    strata[c(term, paste0(term, c(".low", ".high")))] <- as.data.frame(columns)
  }
  rownames(strata) <- NULL
  strata[c(setdiff(names(strata), "says"), "says")]
}

method_index <- function(term, method) {
  all <- proportion_methods()
  which(all$term == term & all$method == method)
}

#' @rdname tidy.her2_proportions_stratified
#' @export
glance.her2_proportions_stratified <- function(x, ...) {
  data.frame(
    reference = x$groups[[1]], other = x$groups[[2]], x0 = sum(x$strata$x0), n0 = sum(x$strata$n0),
    x1 = sum(x$strata$x1), n1 = sum(x$strata$n1), strata = nrow(x$strata),
    informative = sum(x$strata$says == ""), conf.level = x$conf.level, alternative = x$alternative,
    n_dropped = x$n_dropped
  )
}

#' @export
as.data.frame.her2_proportions_stratified <- function(x, ...) x$estimates

#' @export
summary.her2_proportions_stratified <- function(object, ...) object

#' @export
coef.her2_proportions_stratified <- function(object, ...) {
  rows <- object$estimates[!object$estimates$term %in% c("test", "homogeneity"), ]
  first <- !duplicated(rows$term)
  stats::setNames(rows$estimate[first], rows$term[first])
}

#' @export
confint.her2_proportions_stratified <- function(object, parm, level = object$conf.level, ...) {
  if (!isTRUE(all.equal(level, object$conf.level))) {
    level <- check_level(level, object$alternative)
    object$estimates <- stratified_rows(object$strata, level, object$alternative, object$chosen)
  }
  rows <- object$estimates[!object$estimates$term %in% c("test", "homogeneity"), ]
  if (!missing(parm)) {
    parm <- check_choice(parm, c(rows$term, rows$method), "parm", several = TRUE)
    rows <- rows[rows$term %in% parm | rows$method %in% parm, ]
  }
  limits <- as.matrix(rows[c("conf.low", "conf.high")])
  rownames(limits) <- paste0(rows$term, ":", rows$method)
  limits
}
