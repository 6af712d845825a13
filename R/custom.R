# Statistics that are R functions: the same draws as the core's, evaluated on the main thread.

# What the function sees. `order` puts the cohort's rows back into the order of the data.
custom_view <- function(statistic, cohort, compared) {
  if (is.null(cohort$row)) {
    abort_input(c("{.fn stat_custom} needs {.arg data}.", x = "It is {.code NULL}."), arg = "data")
  }
  order <- order(cohort$row)
  data <- compared$data[cohort$row[order], , drop = FALSE]
  rownames(data) <- NULL
  view <- list(fun = statistic$fun, data = data, order = order, group_name = compared$group_name)
  if (!is.null(compared$group_name) && compared$group_name %in% names(data)) {
    # A value of each group, of the column's own type.
    column <- data[[compared$group_name]]
    view$group_values <- column[match(compared$groups, as.character(column))]
  }
  view
}

# One call, checked. `label`: permuted group codes, or NULL.
call_custom <- function(view, weight, label, what, call) {
  data <- view$data
  if (!is.null(label)) data[[view$group_name]] <- view$group_values[label[view$order] + 1]
  value <- tryCatch(view$fun(data, weight[view$order]), error = function(e) {
    abort_her2(c(
      "The custom statistic failed at {what}.",
      x = "{conditionMessage(e)}"
    ), "numeric", call = call, .envir = rlang::current_env())
  })
  if (!is.numeric(value) || !length(value) %in% 1:2) {
    abort_input(c(
      "A custom statistic must return one number, or an estimate and its standard error.",
      x = "At {what} it returned {.obj_type_friendly {value}} of length {length(value)}."
    ), arg = "statistic", call = call)
  }
  value <- as.double(value)
  # NA and NaN are one reason: undefined.
  value[is.na(value)] <- NaN
  value
}

# `drawn`: weights of a bootstrap, or permuted group codes.
custom_replicate <- function(job, drawn, what, call) {
  value <- if (job$kind == "bootstrap") {
    with_jackknife_error(call_custom(job$custom, drawn, NULL, what, call), job, drawn, what, call)
  } else {
    call_custom(job$custom, frequency_of(job$cohort), drawn, what, call)
  }
  fill_outputs(value, job$outputs, what, call)
}

# As many numbers as a replicate has columns. A number without the standard error that the data have
# would pass for its own; a missing or infinite one has none.
fill_outputs <- function(value, outputs, what, call) {
  if (length(value) < outputs && is.finite(value)) {
    abort_input(c(
      "A custom statistic must return an estimate and its standard error each time, or never.",
      x = "At {what} it returned the estimate only."
    ), arg = "statistic", call = call)
  }
  c(value, NaN)[seq_len(outputs)]
}

# Draws are made a few at a time: their weights take memory.
run_custom <- function(job, first, count, call) {
  if (job$kind != "bootstrap" && is.null(job$custom$group_values)) {
    abort_input(c(
      "A custom statistic is permuted by a column of {.arg data}.",
      x = "{.code {job$custom$group_name}} is not one."
    ), arg = "formula", call = call)
  }
  at_once <- max(1, floor(2^20 / length(job$cohort$group)))
  values <- matrix(NA_real_, count, job$outputs)
  done <- 0
  while (done < count) {
    now <- min(at_once, count - done)
    drawn <- draw_replicates(job, first + done, now)
    for (b in seq_len(now)) {
      values[done + b, ] <- custom_replicate(
        job, drawn[, b], paste("replicate", format(first + done + b - 1, scientific = FALSE)), call
      )
    }
    done <- done + now
  }
  list(values = values, failures = count_failures(values[, 1]))
}

count_failures <- function(values) {
  c(empty_group = 0, undefined = sum(is.nan(values) | is.na(values)), infinite = sum(is.infinite(values)))
}

# Weights (or labels) of replicates, one column each, rows as in the cohort.
draw_replicates <- function(job, first, count) {
  call_core(switch(job$kind,
    bootstrap = cpp_bootstrap_weights(job$cohort, job$scheme, job$seed, first, count),
    permutation = cpp_permutation_labels(job$cohort, job$seed, first, count),
    enumeration = cpp_enumeration_labels(job$cohort, first, count)
  ))
}

# What is drawn, for the jackknife: its rows, its block, and how many patients a copy brings to a row.
jackknife_units <- function(cohort) {
  rows <- seq_along(cohort$group)
  clustered <- !is.null(cohort$cluster)
  unit <- if (clustered) cohort$cluster else rows
  within <- list(if (is.null(cohort$stratum)) rep(0L, length(rows)) else cohort$stratum)
  if (!clustered || !cpp_mixed_clusters(cohort)) within <- c(within, list(cohort$group))
  members <- unname(split(rows, unit))
  block <- as.integer(interaction(within, drop = TRUE))
  list(
    rows = members, block = block[vapply(members, `[[`, 0L, 1L)],
    patients = if (clustered) frequency_of(cohort) else rep(1, length(rows))
  )
}

# Estimates without one copy of each of the units `which`.
without_each <- function(job, units, which, weight, what, call) {
  vapply(units$rows[which], function(rows) {
    weight[rows] <- weight[rows] - units$patients[rows]
    call_custom(job$custom, weight, NULL, what, call)[[1]]
  }, 0)
}

# The standard error of a statistic that returns none: that of inst/include/her2mod/resample/
# jackknife_error.hpp, the root of sum over blocks of (n_b - 1) / n_b sum_i m_i (T_(i) - mean_b)^2.
with_jackknife_error <- function(value, job, drawn, what, call) {
  units <- job$custom$units
  if (is.null(units) || length(value) > 1 || !is.finite(value)) return(value)
  first <- vapply(units$rows, `[[`, 0L, 1L)
  times <- drawn[first] / units$patients[first]
  kept <- which(times > 0)
  without <- without_each(job, units, kept, drawn, paste("a leave-one-out sample of", what), call)
  variances <- vapply(split(seq_along(kept), units$block[kept]), function(i) {
    m <- times[kept][i]
    n <- sum(m)
    distance <- without[i] - without[i][[1]] # so that equal values give exactly 0
    (n - 1) / n * sum(m * (distance - sum(m * distance) / n)^2)
  }, 0)
  c(value, sqrt(sum(variances)))
}

# Estimates without one patient of each row, or without each cluster.
custom_leave_one_out <- function(job, call) {
  units <- jackknife_units(job$cohort)
  without_each(
    job, units, seq_along(units$rows), frequency_of(job$cohort), "a leave-one-out sample", call
  )
}
