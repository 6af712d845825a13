# How an effect is adjusted: what the constructors stat_adjusted_*() share.

adjusted_estimators <- c("g_computation", "ipw", "overlap", "doubly_robust")
adjusted_targets <- c("all", "reference", "other")

is_adjusted <- function(statistic) startsWith(statistic$name, "adjusted_")

# A formula of covariates.
check_adjust <- function(adjust, call = rlang::caller_env()) {
  if (!rlang::is_formula(adjust, lhs = FALSE) || length(all.vars(adjust)) == 0 || "." %in% all.vars(adjust)) {
    abort_input(c("{.arg adjust} must be a formula of covariates, like {.code ~ age + grade}.",
      x = "It is {.code {rlang::as_label(adjust)}}."
    ), arg = "adjust", call = call)
  }
  if ("strata" %in% all.names(adjust)) {
    abort_input("{.arg adjust} takes no {.fn strata}: give strata to {.fn boot_ci} or {.fn perm_test}.",
      arg = "adjust", call = call
    )
  }
  adjust
}

# `name`: of the registry; `tau`: of restricted means.
adjusted_stat <- function(name, adjust, estimator, target, interactions, firth, tau = NULL,
                          call = rlang::caller_env()) {
  check_adjust(adjust, call)
  estimator <- check_option(estimator, adjusted_estimators, "estimator", call)
  target <- check_option(target, adjusted_targets, "target", call)
  interactions <- check_flag(interactions, "interactions", call)
  firth <- check_flag(firth, "firth", call)
  if (estimator == "overlap" && target != "all") {
    abort_input(c(
      "With {.code estimator = \"overlap\"} the population is the overlap of the groups.",
      x = "{.arg target} is {.val {target}}."
    ), arg = "target", call = call)
  }
  models_outcome <- estimator %in% c("g_computation", "doubly_robust")
  if (interactions && !models_outcome) {
    abort_input("{.arg interactions} are of the outcome model, which {.val {estimator}} does not have.",
      arg = "interactions", call = call
    )
  }
  parameters <- list(
    estimator = match(estimator, adjusted_estimators) - 1, target = match(target, adjusted_targets) - 1,
    interactions = as.double(interactions), firth = as.double(firth)
  )
  if (!is.null(tau)) parameters$tau <- tau
  plain <- registered_statistics()
  title <- paste0(
    plain$title[plain$name == name], if (!is.null(tau)) paste0(" ", tau_words(tau)), " for ",
    rlang::expr_text(rlang::f_rhs(adjust), 500L), " by ", estimator_words[[estimator]]
  )
  stat <- new_her2_stat(name, parameters, title)
  stat$adjust <- adjust
  stat$estimator <- estimator
  stat$target <- target
  stat
}

estimator_words <- c(
  g_computation = "g-computation", ipw = "inverse probability weights", overlap = "overlap weights",
  doubly_robust = "augmented inverse probability weights"
)

# Whose effect it is.
target_words <- function(statistic, groups) {
  if (statistic$estimator == "overlap") {
    return(paste0(
      "the overlap of the groups (patients whose covariates make either group likely; not all patients, and ",
      "not one group's)"
    ))
  }
  switch(statistic$target,
    all = "all patients, of both groups together",
    reference = paste("patients like those of the reference group,", groups[[1]]),
    other = paste("patients like those of", groups[[2]])
  )
}

# The estimand in words: what would be compared in whom.
format_adjusted_estimand <- function(statistic, groups) {
  survival <- statistic$endpoint == "survival"
  what <- if (survival) "the mean survival time up to tau" else "the share with the event"
  c(
    paste0("estimand: ", what, " if everybody had the covariates of one population:"),
    paste0("  ", target_words(statistic, groups)),
    paste0("  causal only if the covariates hold all that groups differ in and that matters for the outcome")
  )
}

# Labels of groups that the covariates go with are no labels to be dealt out.
refuse_permuted_adjustment <- function(statistic, call = rlang::caller_env()) {
  if (!is_adjusted(statistic)) return(invisible())
  abort_input(c(
    "{.val {statistic$name}} has no permutation test.",
    x = "Permuted labels would have nothing to do with the covariates that the groups differ in.",
    i = "{.fn boot_ci} gives its interval and p-value."
  ), arg = "statistic", call = call)
}

# The estimate of the data as they are. `part`: of them that is meant.
refuse_unfitted <- function(statistic, estimate, call = rlang::caller_env(), part = "these data") {
  if (!is_adjusted(statistic) || !is.nan(estimate)) return(invisible())
  firth <- identical(statistic$parameters$firth, 1)
  hint <- if (!firth && !(statistic$endpoint == "survival" && statistic$estimator == "g_computation")) {
    "{.code firth = TRUE} gives finite estimates."
  }
  abort_data(c(
    "The models behind the {statistic$title} have no finite estimate in {part}.",
    x = paste(
      "The covariates separate the groups or the events, the group depends on the covariates, or nobody (or",
      "everybody) has the event."
    ),
    i = if (part == "these data") hint,
    i = "Fewer or coarser covariates may do: {.fn logistic_regression} shows which one it is."
  ), call = call)
}
