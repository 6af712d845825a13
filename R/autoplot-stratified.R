# The strata's effects above their common one.

#' Pictures of a comparison within strata
#'
#' The effect of each stratum with its interval (Miettinen-Nurminen's of a risk difference, the exact conditional one of an
#' odds ratio), and below them the common effect by one method.
#'
#' @param object,x A [compare_proportions()] with strata.
#' @param term `"risk_difference"` or `"odds_ratio"`.
#' @param method The method of the common effect; by default the first of `tidy(object)`.
#' @param ... Passed from `plot()` to `autoplot()`.
#' @return A ggplot object.
#' @examplesIf requireNamespace("ggplot2", quietly = TRUE)
#' ggplot2::autoplot(compare_proportions(aperm(UCBAdmissions, c(2, 1, 3)), outcome = "Admitted"))
#' @name autoplot-stratified
#' @exportS3Method ggplot2::autoplot
autoplot.her2_proportions_stratified <- function(object, term = c("risk_difference", "odds_ratio"), method = NULL, ...) {
  need_ggplot2()
  check_no_dots(...)
  term <- check_option(term, c("risk_difference", "odds_ratio"), "term")
  common <- tidy(object)
  common <- common[common$term == term, ]
  if (nrow(common) == 0) {
    abort_input("There is no common {gsub('_', ' ', term)} to draw: {.arg methods} left it out.", arg = "term")
  }
  method <- if (is.null(method)) common$method[[1]] else check_choice(method, common$method, "method")
  rows <- stratified_forest_rows(object, term, common[common$method == method, ])
  ratio <- term == "odds_ratio"
  left_out <- object$strata$stratum[object$strata$says == "one group"]
  forest_panel(rows, effect_label(term_titles[[term]], object$groups, ratio), ratio) +
    ggplot2::labs(
      title = paste0(object$groups[[2]], " against ", object$groups[[1]], ", within ", object$stratum_name),
      subtitle = paste0(
        "(events/patients of ", object$groups[[2]], ", of ", object$groups[[1]], "); ",
        format(100 * object$conf.level), "% intervals; common: ", method
      ),
      caption = paste(c(
        if (length(left_out)) paste("One group only, not drawn:", toString(first_of(left_out, 8))),
        if (object$simulated) simulated_remark(TRUE)
      ), collapse = "\n")
    )
}

#' @rdname autoplot-stratified
#' @export
plot.her2_proportions_stratified <- function(x, ...) print(ggplot2::autoplot(x, ...))

stratified_forest_rows <- function(x, term, common) {
  strata <- tidy(x, "strata")
  strata <- strata[strata$says != "one group", ]
  label <- paste0(strata$stratum, "  (", strata$x1, "/", strata$n1, ", ", strata$x0, "/", strata$n0, ")")
  data.frame(
    label = c(label, "Common"), estimate = c(strata[[term]], common$estimate),
    conf.low = c(strata[[paste0(term, ".low")]], common$conf.low),
    conf.high = c(strata[[paste0(term, ".high")]], common$conf.high), null = term_null[[term]]
  )
}
