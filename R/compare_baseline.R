#' Table 1: baseline characteristics of groups
#'
#' Numbers and summaries of every variable in two or more groups, standardised differences, the effect with its interval
#' (two groups), exact or permutation p-values, and Westfall and Young's adjustment over the table. Printed, as a data
#' frame, in HTML and in Word ([write_table()]), for packages gt ([as_gt()]) and flextable, and in R Markdown as a table.
#'
#' @section Types:
#' Numbers are continuous, but 0/1 is binary; factors and text are binary with two levels and else categorical; ordered
#' factors with three levels or more are ordered; logical is binary. `types` says it of single variables. Of a binary
#' variable the row shows the second level, which it names. Levels of a factor that no patient has are shown with 0. Dates,
#' lists, matrices, survival times, and text with more than 200 values cannot be shown: asked for by name they
#' are an error; if `vars = NULL` they are left out, with a warning, and named under the table.
#'
#' @section Missing values:
#' With `missing = "show"` a row counts the patients without a value in each group (if there are any), and percentages,
#' means and tests are of those with a value. `missing = "category"` makes them a level of categorical variables, which
#' counts in percentages, distances and tests; of continuous variables they have their row. Patients without a group (or
#' stratum) are dropped, counted, and said.
#'
#' @section Standardised differences:
#' Mean difference over \eqn{\sqrt{(s_0^2 + s_1^2)/2}}; of a binary variable \eqn{s^2 = p(1 - p)}; of several levels (ordered
#' or not) the distance \eqn{\sqrt{(p_1 - p_0)'S^+(p_1 - p_0)}}, which is never negative ([stat_standardised_difference()],
#' [stat_standardised_distance()]). `Inf` where levels tell the groups apart,
#' as disjoint ones do, or numbers that do not vary within the groups. Of three groups or more: the largest between any
#' two, without a sign. They are of the
#' patients with a value.
#'
#' @section Effects:
#' Of two groups, other minus reference: mean difference (Welch's t interval); median difference (percentile interval of the
#' exact bootstrap distribution, and beyond 5,000 patients by Maritz and Jarrett's standard error); risk difference of
#' the level that the row names (`interval`); of an ordered variable the win probability, P(other group's patient is
#' higher) with ties
#' counting half (DeLong's standard error, no interval where it is 0). None for several unordered levels. Strata are not taken
#' into account. The intervals are no inversions of the tests: at the border, and of means where spreads differ, they may
#' disagree; the notes then say so.
#'
#' @section Tests:
#' | variable | two groups | more groups |
#' |---|---|---|
#' | continuous, `summary` mean or both | permutation, mean difference | permutation, Kruskal-Wallis |
#' | continuous, `summary` median; ordered | permutation, Wilcoxon-Mann-Whitney | permutation, Kruskal-Wallis |
#' | two levels | Fisher's exact test (with `strata`: permutation, risk difference) | permutation, Pearson's chi-squared |
#' | several levels | permutation, Pearson's chi-squared | permutation, Pearson's chi-squared |
#'
#' Two-sided, as [perm_test()] and [compare_proportions()] have them: exact where that takes a moment, else Monte Carlo,
#' (b + 1)/(R + 1). No continuity correction anywhere. `method = "asymptotic"` is the chi-squared limit of the
#' permutation distribution given the values (the quadratic form in the
#' groups' sums of scores and their permutation covariance), which `"auto"` takes where
#' patients x variables x `R` exceed 1e9. Fisher's test is always exact. The method of each row stands under the table.
#'
#' @section Adjusted p-values:
#' Step-down min-p of Westfall and Young ([westfall_young()]), whose evidence is that of the tests above, from `R`
#' arrangements
#' that all variables share: each puts all patients (of a stratum) into a random order, in which
#' the labels of the patients whose value is known are dealt out to them, variable by variable. So every variable is tested
#' in all patients that have it, nobody is dropped as another value is missing, and variables known of the same patients are
#' arranged alike. Without missing values the probability of any false rejection is at most the level; with
#' missing values each variable's distribution is still exact, and their correlation that of the patients
#' they share. Where all arrangements are at most `R` and every variable is known of the same patients they are all listed,
#' and the adjusted p is exact. Else the p-values of an arrangement are exact where the variable's null distribution is known,
#' and otherwise its rank among the replicates, which chance has moved: the Monte Carlo error under the table has that in
#' it. An adjusted p is never below the p itself, nor below 1/(`R` + 1), which the table shows as `<=`: `adjust = "holm"`, of
#' exact p-values, has no such bound. Variables that cannot differ are not counted. Where the tests are asymptotic the
#' adjustment is Holm's.
#'
#' @param data A data frame, a row a patient.
#' @param by The column of the groups: a string, a bare name, or a one-sided formula. Two groups or more.
#' @param vars Columns to show, in order: names or a one-sided formula (`~ age + size`); `NULL` is all others.
#' @param ref The reference group; by default the first level.
#' @param summary Of continuous variables: `"mean"` (SD), `"median"` (quartiles by [stats::quantile()] type 7) or `"both"`;
#' one
#'   for all, or a named vector for some (the others have means).
#' @param types A named vector that sets the type of variables: `"continuous"`, `"ordered"`, `"binary"`, `"categorical"`.
#' @param labels A named vector of labels; else the attribute `label` (as package haven keeps it), else the name.
#' @param missing `"show"` or `"category"`, see below.
#' @param strata A column within whose values the labels are permuted, for example the centre.
#' @param method `"auto"`, `"exact"` (an error where there is none), `"monte_carlo"` or `"asymptotic"`.
#' @param adjust `"westfall_young"`, `"holm"` or `"none"`.
#' @param interval Of risk differences: `"miettinen-nurminen"`, `"newcombe"`, or another of [compare_proportions()] that is a
#'   closed form or a root.
#' @param overall Whether to show all patients together, too.
#' @param digits Decimals of means, medians and their differences: one number, or a named vector; by default from the spread.
#' @param digits_percent Decimals of percentages.
#' @param rounding `"half_even"`, as R rounds the number that a computer holds, or `"half_up"` (2.5 is 3, -2.5 is -3).
#' @param conf.level The confidence level.
#' @param R,seed,threads,progress,backend As for [perm_test()].
#' @param ... Not used. Weights are refused: the tests deal out the labels of patients.
#' @return An object of class `her2_baseline`. [generics::tidy()] has a row a variable: term, label, type, effect, estimate,
#'   std.error, statistic, p.value, p.adjusted, conf.low, conf.high, method (of the test), alternative,
#'   standardised_difference, interval, p.low and p.high (95% Monte Carlo limits of p), note; and with `table = "summaries"`
#'   one a (variable, level, group). Differences of proportions are on the scale 0 to 1. [as.data.frame()] is the printed
#' table.
#' @references Westfall and Young (1993), Resampling-Based Multiple Testing. Yang and Dalton (2012), SAS Global
#'   Forum, paper 335.
#' @examples
#' data(cancer, package = "survival")
#' lung$sex <- factor(lung$sex, 1:2, c("male", "female"))
#' baseline <- compare_baseline(lung, by = sex, vars = c("age", "ph.ecog", "meal.cal"),
#'   summary = c(meal.cal = "median"), types = c(ph.ecog = "ordered"), R = 999, seed = 1)
#' baseline
#' tidy(baseline)[c("term", "estimate", "p.value", "p.adjusted", "standardised_difference")]
#' @export
compare_baseline <- function(data, by, vars = NULL, ..., ref = NULL, summary = "mean", types = NULL, labels = NULL,
                             missing = c("show", "category"), strata = NULL,
                             method = c("auto", "exact", "monte_carlo", "asymptotic"),
                             adjust = c("westfall_young", "holm", "none"), interval = "miettinen-nurminen",
                             overall = FALSE, digits = NULL, digits_percent = 1,
                             rounding = c("half_even", "half_up"), conf.level = 0.95, R = 9999, seed = NULL,
                             threads = NULL, progress = NULL, backend = NULL) {
  check_baseline_dots(...)
  check_baseline_data(data)
  data <- read_labelled_columns(data)
  if (missing(by)) abort_input("{.arg by} is missing: the column of the groups.", arg = "by")
  by <- read_column_name(rlang::enquo(by), data, "by")
  if (is.null(by)) abort_input("{.arg by} must name the column of the groups.", arg = "by")
  strata <- read_column_name(rlang::enquo(strata), data, "strata")
  if (identical(by, strata)) abort_input("{.arg strata} cannot be the groups.", arg = "strata", value = strata)
  asked <- !is.null(vars)
  usable <- usable_columns(data, read_vars(vars, data, c(by, strata)), asked)
  wanted <- list(
    method = check_option(method, c("auto", "exact", "monte_carlo", "asymptotic"), "method"),
    adjust = check_option(adjust, c("westfall_young", "holm", "none"), "adjust"),
    interval = check_choice(interval, quick_intervals(), "interval"),
    conf.level = check_probability(conf.level, "conf.level"),
    missing = check_option(missing, c("show", "category"), "missing"),
    overall = check_flag(overall, "overall"), digits = check_digits(digits, usable$vars),
    digits_percent = check_count(digits_percent, "digits_percent", max = 10),
    rounding = check_option(rounding, c("half_even", "half_up"), "rounding")
  )
  how <- resampling_options(R, seed, threads, progress, backend)
  design <- baseline_groups(data, by, ref, strata)
  design$by <- by
  variables <- baseline_variables(data, usable$vars, design, summary, types, labels, wanted$missing)
  if (length(usable$left_out)) warn_left_out(usable$left_out)
  warn_numbers_as_text(data[usable$vars])
  found <- new_baseline(data, variables, design, usable$left_out, strata, wanted, how)
  found$call <- match.call()
  found
}

new_baseline <- function(data, variables, design, left_out, strata, wanted, how, call = rlang::caller_env()) {
  p <- baseline_p_values(variables, design, wanted, how, call)
  effects <- do.call(rbind, lapply(variables, baseline_effect, design = design, wanted = wanted))
  smd <- lapply(variables, baseline_smd, design = design)
  text <- function(what) vapply(variables, `[[`, "", what, USE.NAMES = FALSE)
  tests <- data.frame(
    term = text("name"), label = text("label"), type = text("type"), effects[1:3],
    p$rows[c("statistic", "p.value", "p.adjusted")],
    effects[c("conf.low", "conf.high")], method = p$rows$method, alternative = "two.sided",
    standardised_difference = vapply(smd, `[[`, 0, "value"), interval = effects$interval,
    p$rows[c("p.low", "p.high", "note")], furthest_apart = vapply(smd, `[[`, "", "pair"), row.names = NULL
  )
  structure(
    list(
      tests = tests, summaries = baseline_summaries(variables, design, wanted$overall),
      shown = lapply(variables, `[`, c("name", "label", "type", "summary", "levels", "yes_no")),
      groups = design$groups, n = tabulate(design$code + 1L, length(design$groups)), group_name = design$by,
      n_dropped = design$n_dropped, left_out = left_out, strata = strata, n_strata = length(design$strata),
      few_values = few_values_of(variables),
      adjust = p$adjust, family = p$family,
      listed = p$listed, error = p$error,
      large = p$large, R = p$R, seed = p$seed, wanted = wanted, simulated = is_simulated(data)
    ),
    class = "her2_baseline"
  )
}

# A column of numbers that some entry like "<50" made text is a class for each number.
warn_numbers_as_text <- function(columns) {
  found <- lapply(names(columns), function(name) {
    x <- columns[[name]]
    if (is.character(x) || is.factor(x)) numbers_as_text(x, name)
  })
  found <- do.call(rbind, found)
  for (i in seq_len(NROW(found))) {
    shown <- if (nzchar(found$values[[i]])) paste0(": ", found$values[[i]])
    warn_her2("Column {.field {found$column[[i]]}}: {found$problem[[i]]}{shown}.", "numbers_as_text",
      column = found$column[[i]]
    )
  }
}

baseline_variables <- function(data, vars, design, summary, types, labels, missing, call = rlang::caller_env()) {
  choices <- c("mean", "median", "both")
  for_all <- if (is.null(names(summary))) check_choice(summary, choices, "summary", call = call) else "mean"
  summary <- if (!is.null(names(summary))) check_by_name(summary, "summary", vars, choices, call)
  types <- check_by_name(types, "types", vars, baseline_types, call)
  labels <- check_by_name(labels, "labels", vars, call = call)
  lapply(vars, function(name) {
    column <- data[[name]]
    own <- attributes(column)
    if (!is.null(design$kept)) column <- if (is.matrix(column)) column[design$kept, , drop = FALSE] else column[design$kept]
    if (is.null(attr(column, "label"))) attr(column, "label") <- own$label
    pick <- function(given) if (name %in% names(given)) given[[name]]
    variable <- read_variable(column, name, pick(types), pick(labels), missing, call)
    if (variable$type == "continuous") variable$summary <- if (is.null(pick(summary))) for_all else pick(summary)
    if (variable$type != "continuous" && !is.null(pick(summary))) {
      abort_input(c("{.arg summary} is of continuous variables.", x = "{.field {name}} is {variable$type}."),
        arg = "summary", call = call
      )
    }
    variable
  })
}

# Of two proportions' methods those that are quick at any size.
quick_intervals <- function() {
  all <- proportion_methods()
  all$method[all$term == "risk_difference" & all$cost == "small"]
}

check_digits <- function(digits, vars, call = rlang::caller_env()) {
  if (is.null(digits)) return(NULL)
  if (!is.null(names(digits))) check_by_name(digits, "digits", vars, call = call)
  vapply(digits, check_count, 0, arg = "digits", max = 10, call = call)
}

check_baseline_dots <- function(..., call = rlang::caller_env()) {
  if ("weights" %in% ...names()) {
    abort_input(c("{.fn compare_baseline} takes no weights: its tests deal out the labels of patients.",
      i = "Of counted patients write every row as often as it counts, for example {.code data[rep(seq_len(nrow(data)), n), ]}."
    ), arg = "weights", call = call)
  }
  check_no_dots(..., call = call)
}

check_baseline_data <- function(data, call = rlang::caller_env()) {
  if (!is.data.frame(data)) {
    abort_input(c("{.arg data} must be a data frame.", x = "It is {.obj_type_friendly {data}}."), arg = "data", call = call)
  }
  if (nrow(data) == 0) abort_data("{.arg data} has no rows.", call = call)
  if (anyDuplicated(names(data))) {
    abort_input(c("The columns of {.arg data} must have different names.",
      x = "Twice: {.val {unique(names(data)[duplicated(names(data))])}}."
    ), arg = "data", call = call)
  }
}

warn_left_out <- function(left_out) {
  warn_her2(c("{count_of(length(left_out), 'column')} cannot be shown and {cli::qty(length(left_out))}{?is/are} left out.",
    stats::setNames(escape_braces(paste0(names(left_out), ": ", left_out)), rep("x", length(left_out)))
  ), "left_out", columns = names(left_out))
}
