# What each part of a comparison says in one row: the estimate that the results paragraph names.

headline <- function(part, term, found, group = NA_character_, method = found$method) {
  if (nrow(found) == 0) return(NULL)
  # Not every part's method has a standard error or a statistic.
  value <- function(column) if (is.null(found[[column]])) NA_real_ else found[[column]]
  data.frame(
    part = part, term = term, group = group, method = method, estimate = found$estimate, std.error = value("std.error"),
    statistic = value("statistic"), conf.low = found$conf.low, conf.high = found$conf.high, p.value = found$p.value,
    alternative = "two.sided", row.names = NULL
  )
}

comparison_headlines <- function(x) {
  rows <- lapply(names(x$parts), function(part) {
    take <- headline_of[[part]]
    if (!is.null(take)) take(x$parts[[part]], part, x)
  })
  do.call(rbind, rows)
}

of_proportions <- function(found, part, x) {
  rows <- tidy(found)
  rbind(
    headline(part, "proportion", rows[rows$term == "proportion" & rows$method == "wilson", ], x$groups),
    headline(part, "risk_difference", rows[rows$term == "risk_difference" & rows$method == "miettinen-nurminen", ],
      x$groups[[2]]
    )
  )
}

of_interaction <- function(found, part, x) {
  rows <- tidy(found)
  shown <- function(measure, methods) {
    own <- rows[rows$measure == measure, ]
    effect <- own[own$term == "effect", ]
    contrast <- own[own$term == "interaction", ]
    contrast <- first_usable(contrast, methods)
    rbind(
      # p-values within groups are no test of a difference between them: the paragraph has none.
      headline(part, measure, transform(effect, p.value = NA_real_), effect$group),
      headline(part, paste0("interaction_", measure), contrast, contrast$group)
    )
  }
  do.call(rbind, lapply(unique(rows$measure), shown, methods = c("score", "likelihood-ratio", "wald")))
}

# The first of the methods whose interval exists.
first_usable <- function(rows, methods) {
  there <- rows[match(methods, rows$method, nomatch = 0), ]
  usable <- !is.na(there$p.value)
  if (any(usable)) there[which(usable)[[1]], ] else there[0, ]
}

headline_of <- list(
  hormone_receptors = of_proportions,
  response = of_proportions,
  response_by_centre = function(found, part, x) {
    rows <- tidy(found)
    headline(part, "risk_difference", rows[rows$term == "risk_difference" & rows$method == "miettinen-nurminen", ],
      x$groups[[2]]
    )
  },
  response_adjusted = function(found, part, x) headline(part, "risk_difference", tidy(found), x$groups[[2]]),
  therapy = of_interaction,
  loss = function(found, part, x) {
    rows <- tidy(found)
    rate <- rows[rows$term == "loss_rate" & rows$method == "clopper-pearson", ]
    rbind(
      headline(part, "loss_rate", rate, rate$group),
      headline(part, "risk_difference", rows[rows$term == "loss_risk_difference" & rows$method == "miettinen-nurminen", ],
        x$groups[[2]]
      )
    )
  },
  survival = function(found, part, x) {
    rows <- tidy(found)
    test <- rows[rows$term == "test" & rows$method == "logrank", ]
    rbind(
      headline(part, "survival", rows[rows$term == "survival", ], rows$group[rows$term == "survival"],
        paste0("time ", format_plain(rows$time[rows$term == "survival"]))
      ),
      headline(part, "hazard_ratio", as_ratio(rows[rows$term == "log_hazard_ratio", ]), x$groups[[2]]),
      headline(part, "rmst_difference", rows[rows$term == "rmst_difference", ], x$groups[[2]]),
      headline(part, "logrank", transform(test, estimate = NA_real_), x$groups[[2]])
    )
  },
  survival_adjusted = function(found, part, x) {
    rows <- tidy(found)
    # The HER2 group is the model's first term.
    headline(part, "hazard_ratio", as_ratio(rows[rows$term == "log_hazard_ratio", ][1, ]), x$groups[[2]])
  },
  survival_therapy = of_interaction
)

as_ratio <- function(rows) {
  ends <- c("estimate", "conf.low", "conf.high")
  rows[ends] <- exp(as.matrix(rows[ends]))
  rows
}
