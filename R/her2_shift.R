#' HER2 class before and after therapy
#'
#' How often is HER2 lost in the residual disease, do the groups differ in it, did the classes change as a whole, and
#' what if those who were never re-tested had lost it, or kept it?
#'
#' @section Loss:
#' Of the patients whose class before was one of `positive` and who were re-tested: a loss is a class after that
#' is not one of `positive` (`loss = "negative"`) or any lower class (`loss = "lower"`). Rates have exact intervals
#' (Clopper-Pearson, and mid-p, \doi{10.1214/ss/1009213286}). Groups are compared by
#' [compare_proportions()], every other group against the reference, and several together by Pearson's chi-squared with
#' its exact distribution given the margins.
#'
#' @section Paired tests:
#' Of all re-tested patients, in each group and in all of them:
#' * `positive_change`: the share of positive patients after less that before, with Tango's score interval
#'   (1998, Stat Med 17:891);
#' * `mcnemar`, of the same: \eqn{(g - l)^2/(g + l)} for g patients who became positive and l who became
#'   negative; `mcnemar-cc` with \eqn{(|g - l| - 1)^2}; `mcnemar-exact` (binomial, twice the smaller tail),
#'   `mcnemar-midp` (twice the smaller mid-p; \doi{10.1186/1471-2288-13-91}). Without such patients p = 1.
#' * `symmetry`: `bowker`, one degree of freedom for each pair of classes with changes between them (no
#'   changes between any: p = 1), and its exact distribution;
#' * `marginal_homogeneity`: `stuart-maxwell`, with as many degrees of freedom as the covariance has rank (classes
#'   that no change connects make it singular), and its exact distribution;
#' * `score_change`: the mean change of `scores`, with the z of [stats::mantelhaen.test()]'s kind,
#'   \eqn{\sum d/\sqrt{\sum d^2}} over the patients' changes d, and the test that flips the signs of d.
#'
#' The exact ones condition on each patient's two classes: under the null hypothesis either order was equally likely.
#' Beyond 2 million values they are Monte Carlo through [perm_test()] (R arrangements), and say so; with so many changes
#' that these would take more than seconds (changes times R above 20 million) only the chi-squared is given.
#'
#' Where all patients were positive before, because only such were included, changes can only be losses. Part
#' of them is then measurement error, and the paired tests do not test therapy: the print says so. The comparison between
#' groups does not have this flaw where their tests err alike.
#'
#' @section Never re-tested:
#' `bounds` has the rates and differences that follow if all or none of them had lost HER2: among patients with residual
#' disease or of unknown residual disease (`"re-testable"`), and among all, where `residual` says who had none (pCR).
#' The interval runs from the lower limit of the lowest to the upper one of the highest. With two groups and more,
#' `tipping` has the [tipping_point()]s of the re-testable, one for each other group, up to 4 million tables.
#'
#' @param before,after HER2 classes: IHC (`"0"`, `"1+"`, `"2+"`, `"3+"`, numbers 0 to 3, "IHC 2+"), HER2 classes
#'   (`"HER2-0"`, `"HER2-ultralow"`, `"HER2-low"`, `"HER2-mod"`, `"HER2 3+"`), logical (positive or not), or ordered
#'   factors with the same levels. `after` is `NA` for those never re-tested; `"equivocal"` is no class, so it counts as
#'   `NA`. Or, as `before` alone, a square table of
#'   counts (rows before, columns after; a third dimension is the group).
#' @param by What to compare: a grouping variable.
#' @param data A data frame in which the four may be columns.
#' @param residual For each patient whether there was residual disease (`FALSE`: pCR); optional.
#' @param positive The classes that count as positive; by default 2+ and 3+, HER2-mod and HER2 3+, or the highest class
#'   of another scale.
#' @param loss `"negative"` or `"lower"`; see Loss.
#' @param scores Numbers for the classes, by default 0, 1, 2, ...
#' @param lost,tested,untested Instead of classes, counts by group: HER2 lost, of so many positive before and re-tested, and
#'   (optional) never re-tested. Names become group names.
#' @param ref The reference group, by name; by default the first.
#' @param conf.level Confidence level.
#' @param methods How groups are compared: names of methods of [compare_proportions()].
#' @param test,alpha The test and level of the tipping points.
#' @param R,seed,threads,progress For tests that are Monte Carlo, see [perm_test()].
#' @param ... Not used.
#' @return An object of class `her2_shift`; [generics::tidy()] gives one row an estimate or test, with columns term,
#'   group, method, estimate, std.error (not used), conf.low, conf.high, statistic, df, p.value, alternative; `tidy(x,
#'   "shift")` the counts, `"loss"` the losses by group, `"bounds"` the bounds. `x$tipping` holds the tipping points.
#'   Rates and differences are on the scale 0 to 1.
#' @section Errors:
#' `her2mod_error_input` for classes whose order is not known, or not the same before and after, and for counts that are not
#' whole; `her2mod_error_data` for a class after therapy without residual disease, and where no row is left.
#' @seealso [tipping_point()], [compare_proportions()], [perm_test()]
#' @examples
#' # published counts (doi:10.1097/MD.0000000000034903)
#' her2_shift(lost = c(single = 11, dual = 21), tested = c(125, 119), untested = c(20, 30))
#'
#' # rows, made up
#' d <- data.frame(
#'   pre = rep(c("3+", "2+"), c(24, 16)),
#'   post = rep(c("3+", "2+", "1+", NA, "2+", "1+", "0", NA), c(14, 3, 2, 5, 7, 4, 2, 3)),
#'   her2 = rep(c("HER2 3+", "HER2-mod"), c(24, 16))
#' )
#' her2_shift(pre, post, by = her2, data = d)
#' @export
her2_shift <- function(before, after, by = NULL, data = NULL, residual = NULL, positive = NULL,
                       loss = c("negative", "lower"), scores = NULL, lost = NULL, tested = NULL, untested = NULL,
                       ref = NULL, conf.level = 0.95, methods = c("newcombe", "miettinen-nurminen",
                         "fisher-conditional", "fisher", "fisher-midp"),
                       test = "fisher", alpha = 0.05, R = 9999, seed = NULL, threads = NULL, progress = NULL, ...) {
  check_no_dots(...)
  loss <- check_option(loss, c("negative", "lower"), "loss")
  how <- resampling_options(R, seed, threads, progress, NULL)
  known <- c(unique(proportion_methods()$term), unique(proportion_methods()$method))
  options <- list(
    conf.level = check_probability(conf.level, "conf.level"),
    methods = check_choice(methods, c("all", known), "methods", several = TRUE),
    test = check_choice(test, proportion_test_methods(), "test"), alpha = check_probability(alpha, "alpha"), how = how
  )
  if (!is.null(lost) || !is.null(tested)) {
    if (!missing(before) || !missing(after)) {
      abort_input("Give classes ({.arg before}, {.arg after}) or counts ({.arg lost}, {.arg tested}), not both.",
        arg = "lost"
      )
    }
    refuse_beside("counts of loss", c(
      by = !missing(by), data = !is.null(data), residual = !missing(residual), positive = !is.null(positive),
      scores = !is.null(scores), loss = loss != "negative"
    ))
    read <- list(losses = read_losses(lost, tested, untested, ref), n_dropped = 0)
    return(new_shift(read, options, list(), simulated = FALSE, call = match.call()))
  }
  if (!is.null(untested)) {
    abort_input(c("{.arg untested} goes with {.arg lost} and {.arg tested}.",
      i = "Rows with {.arg after} missing are the untested."
    ), arg = "untested")
  }
  columns <- shift_columns(
    list(before = substitute(before), after = substitute(after), by = substitute(by), residual = substitute(residual)),
    data, parent.frame()
  )
  read <- if (is.data.frame(columns$before)) {
    abort_input(c("{.arg before} must be classes or a table of counts.", x = "It is a data frame.",
      i = "Name its columns: {.code her2_shift(before, after, data = data)}."
    ), arg = "before")
  } else if (is.null(columns$after) && length(dim(columns$before)) %in% 2:3) {
    refuse_beside("a table of counts", c(by = !missing(by), residual = !missing(residual)))
    read_shift_table(unclass(as.array(columns$before)), ref)
  } else if (is.null(columns$after)) {
    abort_input("{.arg after} is missing: HER2 classes after therapy.", arg = "after")
  } else {
    read_shift_rows(columns, ref)
  }
  definition <- list(
    positive = positive_classes(positive, read$levels), loss = loss, scores = shift_scores(scores, read$levels)
  )
  read$losses <- count_losses(read, definition)
  new_shift(read, options, definition, is_simulated(data) || is_simulated(columns), match.call())
}

# Arguments that would be ignored.
refuse_beside <- function(what, given, call = rlang::caller_env()) {
  given <- names(given)[given]
  if (length(given)) {
    abort_input("{.arg {given}} {?does/do} not go with {what}.", arg = given, call = call)
  }
}

# Expressions evaluated in the data; a text names a column.
shift_columns <- function(quoted, data, env, call = rlang::caller_env()) {
  if (!is.null(data) && !is.data.frame(data)) {
    abort_input(c("{.arg data} must be a data frame.", x = "It is {.obj_type_friendly {data}}."), arg = "data", call = call)
  }
  if (identical(quoted$before, quote(expr = ))) {
    abort_input(c("{.arg before} is missing.", i = "Classes, a square table, or counts by {.arg lost} and {.arg tested}."),
      arg = "before", call = call
    )
  }
  lapply(quoted[!vapply(quoted, identical, NA, quote(expr = ))], function(expression) {
    value <- tryCatch(eval(expression, data, env), error = function(e) {
      abort_input(c("The variables could not be read.", x = conditionMessage(e)), arg = "data", call = call, parent = NA)
    })
    if (is.character(value) && length(value) == 1 && value %in% names(data)) data[[value]] else value
  })
}

read_losses <- function(lost, tested, untested, ref, call = rlang::caller_env()) {
  groups <- if (!is.null(names(lost))) names(lost) else names(tested)
  if (is.null(groups)) groups <- if (length(lost) == 1) "all" else paste("group", seq_along(lost))
  if (anyDuplicated(groups) || any(groups == "") || length(groups) == 0) {
    abort_input("The groups need different names.", arg = "lost", value = groups, call = call)
  }
  losses <- data.frame(
    group = groups, lost = check_missing_counts(lost, groups, "lost", call),
    tested = check_missing_counts(tested, groups, "tested", call),
    untested = if (is.null(untested)) 0 else check_missing_counts(untested, groups, "untested", call), no_residual = 0
  )
  if (any(losses$lost > losses$tested)) {
    abort_input(c("No group can have more losses than patients re-tested.",
      x = "{.arg lost} is {.val {losses$lost}}, {.arg tested} is {.val {losses$tested}}."
    ), arg = "lost", call = call)
  }
  losses[match(put_first(groups, ref, call), groups), ]
}

# By group: of those positive before.
count_losses <- function(read, definition) {
  cells <- read$cells
  positive <- read$levels %in% definition$positive
  cells <- cells[positive[cells$before], ]
  negative <- if (definition$loss == "negative") !positive[cells$after] else cells$after < cells$before
  total <- function(which) {
    as.vector(tapply(cells$n * (which %in% TRUE), factor(cells$group, seq_along(read$groups)), sum, default = 0))
  }
  data.frame(
    group = read$groups, lost = total(!is.na(cells$after) & negative), tested = total(!is.na(cells$after)),
    untested = total(is.na(cells$after) & !cells$residual %in% FALSE),
    no_residual = total(is.na(cells$after) & cells$residual %in% FALSE)
  )
}

new_shift <- function(read, options, definition, simulated, call) {
  losses <- read$losses
  rownames(losses) <- NULL
  comparisons <- compare_losses(losses, options)
  x <- list(
    cells = read$cells, levels = read$levels, groups = losses$group, losses = losses, definition = definition,
    comparisons = comparisons$pairs,
    tipping = Filter(Negate(is.null), lapply(comparisons$counts, tipping_of_losses, options = options)),
    bounds = loss_bounds(losses, options$conf.level), conf.level = options$conf.level, R = options$how$R,
    n_dropped = read$n_dropped, simulated = simulated, call = call
  )
  paired <- if (!is.null(read$cells)) paired_rows(x, options)
  across <- if (length(x$comparisons) > 1) loss_across_groups(x, options)
  x$estimates <- rbind(
    loss_rates(losses, options$conf.level), comparison_of_losses(x), across$row, paired$rows,
    shift_row("", "", "")[0, ]
  )
  rownames(x$estimates) <- NULL
  x$monte_carlo <- rbind(across$monte_carlo, paired$monte_carlo)
  structure(x, class = "her2_shift")
}
