# Forest plots of regression models.

#' Pictures of regression models
#'
#' The odds ratios of a [logistic_regression()], or the hazard ratios of a [cox_regression()], with their intervals on a
#' logarithmic axis, a row a coefficient, each given the others. An interval that goes on beyond the axis ends in an
#' arrowhead.
#'
#' @param object,x A result of [logistic_regression()] or [cox_regression()].
#' @param ... Passed from `plot()` to `autoplot()`.
#' @return A ggplot object. About 0.3 inches a row and 8 inches of width suit it.
#' @section Errors: `her2mod_error_data` where no coefficient can be estimated.
#' @examplesIf requireNamespace("ggplot2", quietly = TRUE)
#' ggplot2::autoplot(logistic_regression(case ~ spontaneous + induced + age, datasets::infert))
#' @name autoplot-models
#' @exportS3Method ggplot2::autoplot
autoplot.her2_logistic <- function(object, ...) {
  need_ggplot2()
  check_no_dots(...)
  picture <- plot_model(object, "log_odds_ratio", fitted_meaning(object)[-1], "odds ratio")
  mark_simulated(picture + ggplot2::labs(
    title = paste0("Odds ratios of ", object$given$label), subtitle = format_logistic_counts(object$given)
  ), object$simulated)
}

#' @rdname autoplot-models
#' @exportS3Method ggplot2::autoplot
autoplot.her2_cox <- function(object, ...) {
  need_ggplot2()
  check_no_dots(...)
  picture <- plot_model(object, "log_hazard_ratio", fitted_meaning(object), "hazard ratio")
  # The caption says whether data are simulated.
  counts <- format_cox_counts(utils::modifyList(object$given, list(simulated = FALSE)))
  mark_simulated(picture + ggplot2::labs(
    title = paste0("Hazard ratios of ", object$given$label), subtitle = counts
  ), object$given$simulated)
}

plot_model <- function(object, term, meaning, name, call = rlang::caller_env()) {
  rows <- tidy(object)
  rows <- rows[rows$term == term, ]
  if (all(is.na(rows$estimate))) {
    abort_data("There is no {name} to draw: nothing can be estimated.", arg = "object", call = call)
  }
  values <- c("estimate", "conf.low", "conf.high")
  lines <- data.frame(left = meaning, exp(rows[values]))
  columns <- list(
    c(paste0(name, " (", format_level(object), " interval)"), estimate_text(lines, TRUE)),
    c("", ifelse(is.na(rows$p.value), "no p", paste("p", format_p(rows$p.value))))
  )
  title <- paste0(toupper(substr(name, 1, 1)), substring(name, 2))
  forest_of(lines, columns, TRUE) + ggplot2::labs(x = paste0(title, ", given the others (log axis)"))
}

#' @rdname autoplot-models
#' @export
plot.her2_logistic <- function(x, ...) print(ggplot2::autoplot(x, ...))

#' @rdname autoplot-models
#' @export
plot.her2_cox <- plot.her2_logistic
