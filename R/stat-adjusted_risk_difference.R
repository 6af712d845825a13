#' Adjusted risk difference, risk ratio and odds ratio
#'
#' The effect of the group on a binary endpoint if both groups had the covariates of one population: the
#' difference, ratio (other over reference) or odds ratio of marginal, that is standardised, risks. The
#' logistic models behind it are fitted anew in every replicate.
#'
#' With m_g(x) the chance of the event in group g given the covariates, by a logistic model of group and
#' covariates; e(x) the chance of being in the other group, by a logistic model of the covariates; and h the
#' patients of the population `target`,
#'
#' * `"g_computation"` averages m_g over h (\doi{10.1016/0270-0255(86)90088-6});
#' * `"ipw"` is the mean of group g under weights that sum to 1: for all patients 1/e in the other group and
#'   1/(1 - e) in the reference group (\doi{10.1097/00001648-200009000-00011}), for the reference group's (1 - e)/e
#'   and 1, for the other group's 1 and e/(1 - e);
#' * `"overlap"` has weights 1 - e and e: its population is the overlap of the groups, those who might as well
#'   be in either, which neither extreme weights nor empty regions disturb
#'   (\doi{10.1080/01621459.2016.1260466});
#' * `"doubly_robust"` adds to g-computation the weighted mean of y - m_g(x) in group g: it is right if one of
#'   the two models is (\doi{10.1080/01621459.1994.10476818}, with weights that sum to 1). It can leave
#'   the range from 0 to 1.
#'
#' With one categorical covariate, and interactions, all but overlap weights are direct standardisation.
#'
#' The marginal odds ratio is not the conditional one of [logistic_regression()], even without confounding.
#'
#' Where a model has no finite estimate in a replicate (separation), the replicate has no value, and is counted.
#' Beyond 5,000 rows BCa's acceleration comes from the infinitesimal jackknife.
#'
#' There is no permutation test: permuted labels would have nothing to do with the covariates.
#'
#' @param adjust A formula of covariates, such as `~ age + stage + hr`; interactions among them are allowed. Rows
#'   with missing covariates are dropped like others.
#' @param estimator `"g_computation"`, `"ipw"`, `"overlap"` or `"doubly_robust"`.
#' @param target Whose covariates: those of `"all"` patients, of the `"reference"` group or of the `"other"` group.
#' @param interactions Whether the outcome model lets each covariate have an effect of its own in each group.
#' @param firth Firth's penalty in the logistic models: finite estimates in any data, whose fitted chances are
#'   pulled towards 1/2.
#' @return A `her2_stat`, for `statistic =` of [boot_ci()].
#' @section Errors: `her2mod_error_input` where `adjust` is not a one-sided formula of covariates, or has `strata()`;
#'   for an unknown `estimator` or `target`, a `target` with `"overlap"`, and `interactions` without an outcome model.
#'   From [boot_ci()] also where the response does not fit; `her2mod_error_data` for infinite covariates, covariates
#'   that determine the group, other than two groups, and where a model has no finite estimate in the data;
#'   `her2mod_error_numeric` where that happens in too many replicates. [perm_test()] refuses it
#'   (`her2mod_error_input`). `her2mod_warning_collinear` names covariates that add nothing.
#' @seealso [adjusted_effect()], which also shows balance and weights.
#' @examples
#' stat_adjusted_risk_difference(~ age + grade)
#' stat_adjusted_odds_ratio(~ age + grade, estimator = "overlap")
#' @export
stat_adjusted_risk_difference <- function(adjust, estimator = c("g_computation", "ipw", "overlap", "doubly_robust"),
                                          target = c("all", "reference", "other"), interactions = FALSE,
                                          firth = FALSE) {
  adjusted_stat("adjusted_risk_difference", adjust, estimator, target, interactions, firth)
}
