# Data and twins for survival by response.

Surv <- survival::Surv

# Stanford heart transplants (survival::jasa), days. Deaths on the day of the transplant come half a
# day after it.
stanford <- function() {
  rows <- survival::jasa
  rows$wait <- ifelse(rows$transplant == 1, rows$wait.time, NA)
  same <- which(rows$wait == rows$futime)
  rows$wait[same] <- rows$wait[same] - 0.5
  rows
}

# The same as survival::heart has them, split, put together again: one row a patient.
heart_patients <- function() {
  heart <- survival::heart
  last <- heart[!duplicated(heart$id, fromLast = TRUE), ]
  data.frame(
    stop = last$stop, event = last$event, transplanted = as.integer(last$transplant == 1),
    wait = ifelse(last$transplant == 1, last$start, NA)
  )
}

# Simulated, without any effect of the response: months to an event, assessment after 2 to 8 months,
# and a response that a coin decides, seen only in those still followed.
simulate_responses <- function(n, seed, hazard = 0.08) {
  set.seed(seed)
  time <- rexp(n, hazard)
  end <- runif(n, 10, 40)
  planned <- runif(n, 2, 8)
  rows <- data.frame(time = pmin(time, end), status = as.integer(time <= end))
  rows$known <- ifelse(planned < rows$time, planned, NA)
  rows$pcr <- as.integer(!is.na(rows$known) & rbinom(n, 1, 0.4) == 1)
  rows$centre <- sample(c("A", "B"), n, replace = TRUE)
  rows
}

# The analyses without a bootstrap, unless R says so.
landmarked <- function(rows, ..., R = 0) {
  landmark_survival(Surv(time, status) ~ pcr, rows, known, ..., R = R)
}

# survival's own way to split times: tmerge().
merged_rows <- function(rows, time, status, known) {
  rows$id <- seq_len(nrow(rows))
  rows$end <- rows[[time]]
  rows$failed <- rows[[status]]
  rows$when <- rows[[known]]
  base <- rows[c("id", setdiff(names(rows), c("id", "end", "failed", "when")))]
  out <- survival::tmerge(base, rows, id = id, event = event(end, failed))
  survival::tmerge(out, rows, id = id, responded = tdc(when))
}

# tmerge() on patients of simulate_responses().
split_by_tmerge <- function(rows) {
  rows$when <- ifelse(rows$pcr == 1, rows$known, NA)
  merged_rows(rows, "time", "status", "when")
}

landmark_row <- function(x, analysis, term = "log_hazard_ratio", time = NA) {
  rows <- tidy(x)
  rows[rows$analysis == analysis & rows$term == term & (is.na(time) | rows$time %in% time), ]
}
