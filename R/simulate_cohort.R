#' Simulate a HER2 cohort
#'
#' Patient rows for teaching, power and tests. The founding study (Ma and others 2025, \doi{10.4143/crt.2024.1200})
#' prints margins only and its rows are not public: these rows are made by a random generator, and the result, its
#' prints and every picture drawn from it say that they are simulated.
#'
#' @section What is from the study and what is assumed:
#' From the study (see [reproduce_study()]): the share of HER2-mod (117 of 575), HR+ (223/458 and 89/117), pCR
#' (211/458 and 19/117), and within HER2-mod dual (13/68) and single therapy (6/49). *Everything else is
#' assumed*, and an effect that can be changed:
#'
#' | `effects` | default | what |
#' |---|---|---|
#' | `mod_share` | 117/575 | share of HER2-mod |
#' | `hr_positive` | 223/458, 89/117 | P(HR+) in HER2 3+, HER2-mod |
#' | `dual_share` | 68/117, 68/117 | P(dual therapy) |
#' | `pcr` | 211/458, 19/117 | P(pCR) |
#' | `dual_or` | 2, (13/55)/(6/43) | odds ratio of pCR, dual over single |
#' | `hr_or` | 0.5, 0.5 | odds ratio of pCR, HR+ over HR- |
#' | `centre_sd` | 0.3 | SD between centres of the log odds of pCR and of the log hazard |
#' | `dfs_rate` | 0.06 | events a year of HER2 3+, HR-, single therapy, stage II, no pCR |
#' | `dfs_hr` | mod 1.3, pcr 0.4, dual 0.8, hr_positive 0.8, stage 1.6 | hazard ratios (of stage, for one stage more) |
#' | `follow_up` | 1, 7 | years from surgery to the end of follow-up, evenly spread |
#' | `loss` | 0.1, 0.3 | P(IHC 0 or 1+ after therapy) of patients without pCR |
#' | `retested` | 0.9 | P(IHC done again) of patients without pCR |
#'
#' `pcr` is the average over HR, therapy and the centres; the odds ratios hold given the others and the centre.
#' Times to an event are exponential. Age and stage depend on nothing, grade and Ki-67 on HR alone.
#'
#' @section Exact margins:
#' With `margins = "exact"` the counts above are met exactly at the default effects and n = 575, and else
#' as near as whole numbers come. Within each class the number of pCR among HR+ patients is the table
#' with the study's margins whose odds ratio is nearest to `hr_or`: one of the tables that
#' [adjustment_bounds()] looks at, so that any HR-adjusted difference in pCR lies within its bounds. Therapy and
#' HR are independent given pCR, and centres do not differ in pCR.
#'
#' @param n Patients.
#' @param effects A named list with the effects to change; of those that have two values, HER2 3+ and HER2-mod, in
#'   this order or by name.
#' @param margins `"random"` draws each patient; `"exact"`: see above.
#' @param centres Number of centres, of unequal size.
#' @param missing The share of values that are missing, completely at random: one number, for `stage`, `grade`,
#'   `ki67` and `ihc_after`, or by column, such as `c(ki67 = 0.2, pcr = 0.05)`.
#' @param seed `NULL` takes a key from R's generator, so that `set.seed()` governs; a given seed leaves
#'   `.Random.seed` untouched. Kept as attribute `seed`.
#' @return A data frame of class `her2_simulated` and `her2_cohort`: `id`, `centre`, `her2` (`HER2 3+`,
#'   `HER2-mod`), `hr` (`HR-`, `HR+`), `therapy` (`single`, `dual`), `pcr` (logical), `age` (years), `stage` (I,
#'   II, III), `grade` (1 to 3), `ki67` (%), `ihc_before` and `ihc_after` (0, 1+, 2+, 3+; after pCR, and where
#'   not done again, `NA`), `time` (years of disease-free survival from surgery on) and `status` (1 relapse or death). Attribute
#'   `effects` has all effects.
#' @section Errors: `her2mod_error_input` for unknown effects and values out of range, and for missing values where
#'   margins are exact.
#' @seealso [her2_cohort()], [adjustment_bounds()]
#' @examples
#' study <- simulate_cohort(margins = "exact", seed = 1)
#' study
#' compare_proportions(pcr ~ her2, study, methods = "newcombe")
#' # no effect of dual therapy in either class
#' simulate_cohort(300, effects = list(dual_or = c(1, 1)), seed = 2)
#' @export
simulate_cohort <- function(n = 575, effects = list(), margins = c("random", "exact"), centres = 8, missing = 0,
                            seed = NULL) {
  n <- check_count(n, "n", min = 2, max = 1e7)
  centres <- check_count(centres, "centres", min = 1, max = n)
  margins <- check_option(margins, c("random", "exact"), "margins")
  effects <- check_effects(effects)
  missing <- check_missing_shares(missing, margins)
  seed <- check_count(if (is.null(seed)) resolve_seed(NULL) else seed, "seed", min = 0, max = 2^31 - 1)
  rows <- with_own_seed(seed, {
    rows <- draw_patients(n, effects, margins, centres)
    make_missing(rows, missing)
  })
  roles <- list(
    id = "id", her2 = "her2", therapy = "therapy", response = "pcr", time = "time", status = "status", hr = "hr",
    centre = "centre", ihc_before = "ihc_before", ihc_after = "ihc_after", covariates = c("age", "stage", "grade", "ki67")
  )
  cohort <- new_cohort(rows, roles, "years", no_remarks(), character(), simulated = TRUE)
  structure(cohort, effects = effects, seed = seed)
}

simulated_classes <- c("HER2 3+", "HER2-mod")

default_effects <- list(
  mod_share = 117 / 575, hr_positive = c(223 / 458, 89 / 117), dual_share = c(68 / 117, 68 / 117),
  pcr = c(211 / 458, 19 / 117), dual_or = c(2, (13 / 55) / (6 / 43)), hr_or = c(0.5, 0.5), centre_sd = 0.3,
  dfs_rate = 0.06, dfs_hr = c(mod = 1.3, pcr = 0.4, dual = 0.8, hr_positive = 0.8, stage = 1.6), follow_up = c(1, 7),
  loss = c(0.1, 0.3), retested = 0.9
)

# What each effect may be.
effect_ranges <- list(
  mod_share = c(0, 1), hr_positive = c(0, 1), dual_share = c(0, 1), pcr = c(0, 1), dual_or = c(1e-6, 1e6),
  hr_or = c(1e-6, 1e6), centre_sd = c(0, 5), dfs_rate = c(0, 100), dfs_hr = c(1e-6, 1e6), follow_up = c(0, 1e4),
  loss = c(0, 1), retested = c(0, 1)
)

check_effects <- function(effects, call = rlang::caller_env()) {
  if (!is.list(effects)) effects <- as.list(effects)
  check_effect_names(names(effects), length(effects), call)
  all <- default_effects
  for (name in names(effects)) all[[name]] <- check_simulated_effect(effects[[name]], name, call)
  by_class <- c("hr_positive", "dual_share", "pcr", "dual_or", "hr_or", "loss")
  all[by_class] <- lapply(all[by_class], rlang::set_names, simulated_classes)
  if (all$follow_up[[1]] > all$follow_up[[2]]) {
    abort_input(c("{.arg follow_up} must not end before it starts.", x = "It is {.val {all$follow_up}}."),
      arg = "effects", call = call
    )
  }
  all
}

check_effect_names <- function(names, n, call) {
  if (n == 0) return(invisible())
  if (is.null(names) || anyDuplicated(names)) {
    abort_input("{.arg effects} must be a list with different names.", arg = "effects", call = call)
  }
  check_choice(names, names(default_effects), "effects", several = TRUE, call = call)
}

check_simulated_effect <- function(value, name, call) {
  default <- default_effects[[name]]
  range <- effect_ranges[[name]]
  known <- if (name == "dfs_hr") names(default) else if (length(default) == 2 && name != "follow_up") simulated_classes
  if (is.numeric(value) && !is.null(names(value)) && !is.null(known) && all(names(value) %in% known)) {
    if (name == "dfs_hr") value <- replace(default, names(value), value)
    value <- value[known]
  }
  ok <- is.numeric(value) && length(value) == length(default) && all(is.finite(value)) &&
    all(value >= range[[1]] & value <= range[[2]])
  if (!ok) {
    abort_input(c(
      "{.arg {name}} must be {length(default)} number{?s} from {range[[1]]} to {range[[2]]}.", x = "It is {.val {value}}."
    ), arg = "effects", value = value, call = call)
  }
  if (name == "dfs_hr") rlang::set_names(value, names(default)) else unname(value)
}

may_be_missing <- c("stage", "grade", "ki67", "ihc_after", "age", "her2", "hr", "therapy", "pcr", "centre", "time", "status")

check_missing_shares <- function(missing, margins, call = rlang::caller_env()) {
  if (is.numeric(missing) && length(missing) == 1 && is.null(names(missing))) {
    check_probability(missing, "missing", open = FALSE, call = call)
    return(rlang::set_names(rep(missing, 4), may_be_missing[1:4]))
  }
  if (!is.numeric(missing) || is.null(names(missing)) || anyNA(missing) || any(missing < 0 | missing > 1)) {
    abort_input(c("{.arg missing} must be one share, or shares named by column.", x = "It is {.val {missing}}."),
      arg = "missing", value = missing, call = call
    )
  }
  check_choice(names(missing), may_be_missing, "missing", several = TRUE, call = call)
  counted <- intersect(names(missing)[missing > 0], c("her2", "hr", "therapy", "pcr"))
  if (margins == "exact" && length(counted)) {
    abort_input("With exact margins {.field {counted}} cannot have missing values.", arg = "missing", call = call)
  }
  missing
}

# R's generator with a seed of its own, and as it was before afterwards.
with_own_seed <- function(seed, code) {
  old <- globalenv()[[".Random.seed"]]
  kinds <- RNGkind()
  on.exit({
    RNGkind(kinds[[1]], kinds[[2]], kinds[[3]])
    if (is.null(old)) rm(".Random.seed", envir = globalenv()) else assign(".Random.seed", old, envir = globalenv())
  })
  set.seed(seed, "Mersenne-Twister", "Inversion", "Rejection")
  force(code)
}
