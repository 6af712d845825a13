#' @rdname stat_adjusted_risk_difference
#' @export
stat_adjusted_odds_ratio <- function(adjust, estimator = c("g_computation", "ipw", "overlap", "doubly_robust"),
                             target = c("all", "reference", "other"), interactions = FALSE, firth = FALSE) {
  adjusted_stat("adjusted_odds_ratio", adjust, estimator, target, interactions, firth)
}
