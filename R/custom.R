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
  as.double(value)
}

# Draws are made a few at a time: their weights take memory.
run_custom <- function(job, first, count, call) {
  if (job$kind == "permutation" && is.null(job$custom$group_values)) {
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
      value <- if (job$kind == "bootstrap") {
        call_custom(job$custom, drawn[, b], NULL, paste("replicate", first + done + b - 1), call)
      } else {
        call_custom(
          job$custom, job$cohort$frequency, drawn[, b], paste("replicate", first + done + b - 1), call
        )
      }
      values[done + b, ] <- rep_len(value, job$outputs)
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
  call_core(if (job$kind == "bootstrap") {
    cpp_bootstrap_weights(job$cohort, job$scheme, job$seed, first, count)
  } else {
    cpp_permutation_labels(job$cohort, job$seed, first, count)
  })
}

# Estimates without one patient of each row, or without each cluster.
custom_leave_one_out <- function(job, call) {
  frequency <- job$cohort$frequency
  units <- if (is.null(job$cohort$cluster)) seq_along(frequency) - 1 else job$cohort$cluster
  vapply(sort(unique(units)), function(unit) {
    weight <- frequency
    left <- units == unit
    weight[left] <- if (is.null(job$cohort$cluster)) weight[left] - 1 else 0
    call_custom(job$custom, weight, NULL, "a leave-one-out sample", call)[[1]]
  }, 0)
}
