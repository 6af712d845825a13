# The parts of compare_her2(): which roles each needs, and the call that it is.

comparison_parts <- list(
  baseline = list(needs = character(), run = function(rows, plan) {
    vars <- unique(c(unlist(plan$roles[c("hr", "therapy", "covariates")], use.names = FALSE), plan$adjust))
    vars <- those_shown(rows, vars)
    if (length(vars) == 0) return(part_left_out("no column that can be shown has hormone receptors, therapy or covariates"))
    compare_baseline(rows, by = plan$roles$her2, vars = vars, R = plan$how$R, seed = plan$how$seed,
      threads = plan$how$threads, progress = plan$how$progress, conf.level = plan$conf.level
    )
  }),
  hormone_receptors = list(needs = "hr", run = function(rows, plan) {
    n <- nlevels(droplevels(as.factor(rows[[plan$roles$hr]])))
    if (n != 2) return(part_left_out(paste("hormone receptors have", count_of(n, "value"), "in these patients, not two")))
    compare_proportions(by_her2(plan$roles$hr, plan), rows, conf.level = plan$conf.level)
  }),
  response = list(needs = "response", run = function(rows, plan) {
    compare_proportions(by_her2(plan$roles$response, plan), rows, conf.level = plan$conf.level)
  }),
  response_by_centre = list(needs = c("response", "centre"), run = function(rows, plan) {
    if (length(unique(stats::na.omit(rows[[plan$roles$centre]]))) < 2) return(part_left_out("there is one centre"))
    formula <- by_her2(plan$roles$response, plan)
    rlang::f_rhs(formula) <- call("|", rlang::f_rhs(formula), as.name(plan$roles$centre))
    compare_proportions(formula, rows, conf.level = plan$conf.level)
  }),
  response_adjusted = list(needs = "response", run = function(rows, plan) {
    if (is.null(plan$adjust)) return(part_left_out("nothing to adjust for"))
    adjusted_effect(by_her2(plan$roles$response, plan), rows, covariates_of(plan),
      R = plan$how$R, seed = plan$how$seed, conf.level = plan$conf.level, threads = plan$how$threads,
      progress = plan$how$progress
    )
  }),
  therapy = list(needs = c("response", "therapy"), run = function(rows, plan) {
    with_two_therapies(rows, plan, function() {
      test_interaction(by_therapy(as.name(plan$roles$response), plan), rows, conf.level = plan$conf.level)
    })
  }),
  claim = list(needs = c("response", "therapy"), run = function(rows, plan) {
    if (is.null(plan$margin)) return(part_left_out("no margin was given: the smallest difference that matters"))
    with_two_therapies(rows, plan, function() {
      check_claim("no improvement", by_therapy(as.name(plan$roles$response), plan), data = rows,
        group = plan$groups[[2]], margin = plan$margin, conf.level = plan$conf.level
      )
    })
  }),
  loss = list(needs = c("ihc_before", "ihc_after"), run = function(rows, plan) {
    before <- rows[[plan$roles$ihc_before]]
    after <- rows[[plan$roles$ihc_after]]
    by <- rows[[plan$roles$her2]]
    residual <- residual_disease(rows, plan$roles$response, after)
    # Complete response leaves nothing to test.
    after[residual %in% FALSE] <- NA
    found <- her2_shift(before, after,
      by = by, residual = residual, ref = plan$groups[[1]], R = plan$how$R, seed = plan$how$seed,
      threads = plan$how$threads, progress = plan$how$progress, conf.level = plan$conf.level
    )
    found$simulated <- is_simulated(rows)
    found
  }),
  survival = list(needs = c("time", "status"), run = function(rows, plan) {
    compare_survival(by_her2(surv_of(plan), plan), rows,
      times = plan$times, tau = plan$tau, conf.level = plan$conf.level
    )
  }),
  survival_adjusted = list(needs = c("time", "status"), run = function(rows, plan) {
    if (is.null(plan$adjust)) return(part_left_out("nothing to adjust for"))
    formula <- by_her2(surv_of(plan), plan)
    rlang::f_rhs(formula) <- call("+", rlang::f_rhs(formula), rlang::f_rhs(covariates_of(plan)))
    cox_regression(formula, rows, conf.level = plan$conf.level)
  }),
  survival_therapy = list(needs = c("time", "status", "therapy"), run = function(rows, plan) {
    with_two_therapies(rows, plan, function() {
      test_interaction(by_therapy(surv_of(plan), plan), rows, "hazard_ratio", conf.level = plan$conf.level)
    })
  })
)

# Of the columns those that a table can show; the others become a note.
those_shown <- function(rows, vars) {
  why <- lapply(stats::setNames(nm = vars), function(name) unusable_column(rows[[name]], TRUE))
  why <- unlist(why[!vapply(why, is.null, NA)])
  if (length(why)) {
    listed <- toString(paste0(names(why), ": ", why))
    warn_her2("Not in the table: {listed}.", "left_out")
  }
  setdiff(vars, names(why))
}

# Who had some. Of those of whom it is not known a class after therapy shows it; where complete response is recorded the
# two contradict each other, and response is what the other parts are of.
residual_disease <- function(rows, response, after) {
  if (is.null(response)) return(NULL)
  residual <- !rows[[response]]
  retested <- !is.na(after) & is.na(residual)
  if (any(retested)) {
    n <- sum(retested)
    warn_her2(
      "{n} patient{?s} without known response {?has/have} IHC after therapy: taken to have had residual disease.", "retested"
    )
  }
  torn <- !is.na(after) & residual %in% FALSE
  if (any(torn)) {
    n <- sum(torn)
    warn_her2("{n} patient{?s} with complete response {?has/have} IHC after therapy, which is left out here.", "retested")
  }
  residual[retested] <- TRUE
  residual
}

part_left_out <- function(reason) structure(reason, class = "part_left_out")

# All parts; what cannot be done stops none of the others. A part's warnings become its notes.
run_parts <- function(rows, plan) {
  parts <- left_out <- notes <- list()
  for (name in names(comparison_parts)) {
    part <- comparison_parts[[name]]
    absent <- setdiff(part$needs, names(plan$roles))
    heard <- character()
    found <- if (length(absent)) {
      part_left_out(paste0("no column for ", paste(absent, collapse = ", ")))
    } else if (length(part$needs) && !any(stats::complete.cases(rows[unlist(plan$roles[part$needs])]))) {
      part_left_out(paste0("nobody has a known ", paste(part$needs, collapse = " and ")))
    } else {
      withCallingHandlers(
        tryCatch(part$run(rows, plan), her2mod_error = function(e) part_left_out(one_line(e))),
        her2mod_warning = function(w) {
          heard <<- c(heard, one_line(w))
          invokeRestart("muffleWarning")
        }
      )
    }
    if (inherits(found, "part_left_out")) left_out[[name]] <- as.character(unclass(found)) else parts[[name]] <- found
    if (length(heard)) notes[[name]] <- unique(heard)
  }
  list(parts = parts, left_out = unlist(left_out), notes = notes)
}

one_line <- function(condition) {
  message <- cli::ansi_strip(conditionMessage(condition))
  # Without cli's bullets.
  trimmed(gsub("\\s+", " ", gsub("(^|\n)\\s*[\u2716\u2139\u2714\u2022!xi*] ", " ", message)))
}

# --- formulas of the cohort's own columns ---------------------------------------------------------------

by_her2 <- function(response, plan) {
  if (is.character(response)) response <- as.name(response)
  rlang::new_formula(response, as.name(plan$roles$her2))
}

by_therapy <- function(response, plan) {
  rlang::new_formula(response, call("*", as.name(plan$roles$therapy), as.name(plan$roles$her2)))
}

surv_of <- function(plan) call("Surv", as.name(plan$roles$time), as.name(plan$roles$status))

covariates_of <- function(plan) {
  rlang::new_formula(NULL, Reduce(function(a, b) call("+", a, b), lapply(plan$adjust, as.name)))
}

with_two_therapies <- function(rows, plan, run) {
  n <- nlevels(droplevels(as.factor(rows[[plan$roles$therapy]])))
  if (n != 2) {
    found <- if (n == 1) "is one therapy" else paste("are", n, "therapies")
    return(part_left_out(paste0("there ", found, ", not two")))
  }
  run()
}
