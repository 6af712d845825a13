# Naive twins of the survival statistics, from their definitions, a loop over event times and sums
# over patients. `rows` has g (a factor, the reference first), y (the time), event, perhaps entry,
# and centre (the stratum); a patient a row.

naive_entry <- function(rows) if (is.null(.subset2(rows, "entry"))) rep(-1, nrow(rows)) else rows$entry
naive_event_times <- function(rows) sort(unique(rows$y[rows$event == 1]))
naive_at_risk <- function(rows, t) sum(naive_entry(rows) < t & t <= rows$y)
naive_events <- function(rows, t) sum(rows$event == 1 & rows$y == t)

# --- Kaplan-Meier

naive_survival <- function(rows, t) {
  s <- 1
  for (u in naive_event_times(rows)) {
    if (u <= t) s <- s * (1 - naive_events(rows, u) / naive_at_risk(rows, u))
  }
  s
}

naive_greenwood <- function(rows, t) {
  sum <- 0
  for (u in naive_event_times(rows)) {
    y <- naive_at_risk(rows, u)
    d <- naive_events(rows, u)
    if (u <= t && y > d) sum <- sum + d / (y * (y - d))
  }
  sum
}

naive_area <- function(rows, from, to) {
  steps <- c(from, Filter(function(u) u > from && u < to, naive_event_times(rows)), to)
  heights <- vapply(utils::head(steps, -1), function(u) naive_survival(rows, u), 0)
  sum(diff(steps) * heights)
}

naive_rmst <- function(rows, tau) {
  first <- min(c(naive_event_times(rows), tau))
  variance <- 0
  for (u in naive_event_times(rows)) {
    y <- naive_at_risk(rows, u)
    d <- naive_events(rows, u)
    if (u < tau && y > d) variance <- variance + naive_area(rows, u, tau)^2 * d / (y * (y - d))
  }
  c(mean = first + naive_area(rows, first, tau), variance = variance)
}

# The first time with S below 1/2; at 1/2 the middle between it and the next fall, or the last time.
naive_median <- function(rows) {
  times <- naive_event_times(rows)
  s <- vapply(times, function(u) naive_survival(rows, u), 0)
  reached <- which(s <= 0.5 + 1.5e-8)
  if (length(reached) == 0) return(Inf)
  at <- reached[[1]]
  if (s[[at]] < 0.5 - 1.5e-8) return(times[[at]])
  below <- which(s < 0.5 - 1.5e-8)
  (times[[at]] + if (length(below)) times[[below[[1]]]] else max(rows$y)) / 2
}

# --- the log-rank family

naive_pooled <- function(rows, t, before = TRUE) {
  s <- 1
  for (u in naive_event_times(rows)) {
    if (u < t || (!before && u == t)) s <- s * (1 - naive_events(rows, u) / naive_at_risk(rows, u))
  }
  s
}

naive_peto <- function(rows, t) {
  s <- 1
  for (u in naive_event_times(rows)) {
    if (u <= t) s <- s * (1 - naive_events(rows, u) / (naive_at_risk(rows, u) + 1))
  }
  s
}

# `weight`: a function of a stratum's rows and a time. c(U, sqrt(V)).
naive_logrank <- function(rows, weight = function(rows, t) 1) {
  u <- v <- 0
  for (stratum in split(rows, stratum_names(rows))) {
    other <- stratum[stratum$g == levels(rows$g)[[2]], ]
    for (t in naive_event_times(stratum)) {
      y <- naive_at_risk(stratum, t)
      d <- naive_events(stratum, t)
      y1 <- naive_at_risk(other, t)
      if (y == d) next
      w <- weight(stratum, t)
      u <- u + w * (naive_events(other, t) - d * y1 / y)
      v <- v + w^2 * d * y1 / y * (1 - y1 / y) * (y - d) / (y - 1)
    }
  }
  c(u, sqrt(v))
}
stratum_names <- function(rows) {
  if (is.null(rows[["centre"]])) rep("one", nrow(rows)) else as.character(rows$centre)
}

naive_fh <- function(rho, gamma) {
  function(rows, t) naive_pooled(rows, t)^rho * (1 - naive_pooled(rows, t))^gamma
}

# By the family's number, as the core has it: see ?stat_logrank.
naive_family <- function(number, t_star = 0) {
  list(
    `0` = function(rows, t) 1,
    `1` = naive_at_risk,
    `2` = function(rows, t) sqrt(naive_at_risk(rows, t)),
    `3` = naive_peto,
    `4` = function(rows, t) {
      naive_peto(rows, t) * naive_at_risk(rows, t) / (naive_at_risk(rows, t) + 1)
    },
    `6` = function(rows, t) 1 / max(naive_pooled(rows, t), naive_survival(rows, t_star))
  )[[as.character(number)]]
}

naive_studentised <- function(test) c(if (test[[2]] > 0) test[[1]] / test[[2]] else NaN, 1)

# U' V- U of all groups.
naive_form <- function(rows, weight) {
  groups <- levels(rows$g)
  u <- numeric(length(groups))
  v <- matrix(0, length(groups), length(groups))
  for (stratum in split(rows, stratum_names(rows))) {
    of_group <- split(stratum, stratum$g)
    for (t in naive_event_times(stratum)) {
      count <- function(f) vapply(of_group, f, 0, t)
      at_risk <- count(naive_at_risk)
      events <- count(naive_events)
      y <- sum(at_risk)
      d <- sum(events)
      if (y == d) next
      w <- weight(stratum, t)
      u <- u + w * (events - d * at_risk / y)
      v <- v + w^2 * d * (y - d) / (y - 1) * (diag(at_risk / y) - tcrossprod(at_risk / y))
    }
  }
  e <- eigen(v, symmetric = TRUE)
  keep <- e$values > 1e-10 * max(e$values)
  if (any(keep)) sum(drop(crossprod(e$vectors[, keep], u))^2 / e$values[keep]) else NaN
}

naive_maxcombo <- function(rows, rho = c(0, 0, 1, 1), gamma = c(0, 1, 0, 1)) {
  if (nlevels(rows$g) > 2) {
    form <- mapply(function(r, g) naive_form(rows, naive_fh(r, g)), rho, gamma)
    return(if (all(is.nan(form))) NaN else max(form, na.rm = TRUE))
  }
  z <- mapply(function(r, g) {
    abs(naive_studentised(naive_logrank(rows, naive_fh(r, g)))[[1]])
  }, rho, gamma)
  if (all(is.nan(z))) NaN else max(z, na.rm = TRUE)
}

# --- Cox's model with the group alone, Efron's rule

# The score and the information at b.
naive_efron <- function(rows, b) {
  u <- i <- 0
  for (stratum in split(rows, stratum_names(rows))) {
    r <- exp(b * (stratum$g == levels(rows$g)[[2]]))
    other <- as.double(stratum$g == levels(rows$g)[[2]])
    for (t in naive_event_times(stratum)) {
      at_risk <- naive_entry(stratum) < t & t <= stratum$y
      dies <- stratum$event == 1 & stratum$y == t
      k <- sum(dies)
      u <- u + sum(other[dies])
      for (l in seq_len(k) - 1) {
        share <- r * (at_risk - l / k * dies)
        p <- sum(share * other) / sum(share)
        u <- u - p
        i <- i + p * (1 - p)
      }
    }
  }
  c(u, i)
}

naive_log_hr <- function(rows) {
  low <- naive_efron(rows, -40)[[1]]
  high <- naive_efron(rows, 40)[[1]]
  none <- 1e-9
  if (low < none && high > -none) return(c(NaN, NaN))
  if (high > -none) return(c(Inf, NaN))
  if (low < none) return(c(-Inf, NaN))
  at <- c(-40, 40)
  for (step in 1:70) {
    middle <- mean(at)
    at[[if (naive_efron(rows, middle)[[1]] > 0) 1 else 2]] <- middle
  }
  c(mean(at), 1 / sqrt(naive_efron(rows, mean(at))[[2]]))
}

# --- all of them

survival_names <- c(
  "survival_difference", "rmst_difference", "rmst_ratio", "median_survival_difference",
  "log_hazard_ratio", "logrank", "fleming_harrington", "maxcombo"
)

# c(value, standard error) on the analysis scale; `parameters` as the core takes them.
naive_survival_statistic <- function(name, rows, parameters = double()) {
  a <- rows[rows$g == levels(rows$g)[[1]], ]
  b <- rows[rows$g == levels(rows$g)[[2]], ]
  score <- function(weight, studentised) {
    test <- naive_logrank(rows, weight)
    if (isTRUE(studentised == 1)) naive_studentised(test) else test
  }
  switch(name,
    survival_difference = {
      s0 <- naive_survival(a, parameters)
      s1 <- naive_survival(b, parameters)
      error <- sqrt(s0^2 * naive_greenwood(a, parameters) + s1^2 * naive_greenwood(b, parameters))
      c(s1 - s0, error)
    },
    rmst_difference = {
      m <- cbind(naive_rmst(a, parameters), naive_rmst(b, parameters))
      c(m[[1, 2]] - m[[1, 1]], sqrt(sum(m[2, ])))
    },
    rmst_ratio = {
      m <- cbind(naive_rmst(a, parameters), naive_rmst(b, parameters))
      c(log(m[[1, 2]] / m[[1, 1]]), sqrt(sum(m[2, ] / m[1, ]^2)))
    },
    median_survival_difference = c(naive_median(b) - naive_median(a), NA),
    log_hazard_ratio = naive_log_hr(rows),
    logrank = if (length(parameters)) {
      score(naive_family(parameters[[1]], parameters[[4]]), parameters[[5]])
    } else {
      score(naive_family(0), 0)
    },
    fleming_harrington = score(naive_fh(parameters[[1]], parameters[[2]]), parameters[[3]]),
    maxcombo = c(if (length(parameters)) {
      naive_maxcombo(rows, parameters[c(TRUE, FALSE)], parameters[c(FALSE, TRUE)])
    } else {
      naive_maxcombo(rows)
    }, NA)
  )
}

# --- rows

survival_rows_of <- function(time, event, other, ...) {
  data.frame(
    g = factor(ifelse(other, "oth", "ref"), c("ref", "oth")), y = time, event = event, ...
  )
}

evaluate_survival <- function(name, rows, parameters = double()) {
  evaluate(cohort_of(rows), name, parameters = parameters)
}

# So few that every arrangement of their labels can be listed.
nine_patients <- survival_rows_of(
  c(1, 2, 3, 5, 8, 4, 6, 7, 9), c(1, 1, 0, 1, 1, 1, 1, 0, 1), rep(c(FALSE, TRUE), c(5, 4))
)

# Freireich and others 1963, Blood 21:699: weeks of remission; 6-MP is the reference.
freireich <- survival_rows_of(
  c(
    6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35,
    1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23
  ),
  rep(c(1, 0, 1), c(9, 12, 21)), rep(c(FALSE, TRUE), each = 21)
)

# The same as users have such data.
remission <- data.frame(
  time = freireich$y, status = freireich$event, arm = factor(freireich$g, c("ref", "oth"), c("6-MP", "placebo"))
)

# survival's own data sets with two groups: lung and others, missing values left out.
peer_data <- function() {
  get_data <- function(name) {
    env <- new.env()
    utils::data(list = name, package = "survival", envir = env)
    env
  }
  lung <- get_data("cancer")$lung
  veteran <- get_data("cancer")$veteran
  ovarian <- get_data("cancer")$ovarian
  colon <- get_data("cancer")$colon
  pbc <- get_data("pbc")$pbc
  rotterdam <- get_data("cancer")$rotterdam
  gbsg <- get_data("cancer")$gbsg
  lung <- lung[!is.na(lung$ph.ecog) & lung$ph.ecog < 3, ]
  colon <- colon[colon$etype == 2 & colon$rx != "Lev", ]
  pbc <- pbc[!is.na(pbc$trt), ]
  list(
    lung = survival_rows_of(lung$time, lung$status - 1, lung$sex == 2, centre = lung$ph.ecog),
    veteran = survival_rows_of(
      veteran$time, veteran$status, veteran$trt == 2, centre = veteran$celltype
    ),
    ovarian = survival_rows_of(
      ovarian$futime, ovarian$fustat, ovarian$rx == 2, centre = ovarian$resid.ds
    ),
    colon = survival_rows_of(
      colon$time, colon$status, colon$rx == "Lev+5FU", centre = colon$differ %in% 3
    ),
    pbc = survival_rows_of(pbc$time, as.integer(pbc$status == 2), pbc$trt == 2, centre = pbc$edema),
    rotterdam = survival_rows_of(
      rotterdam$dtime, rotterdam$death, rotterdam$hormon == 1, centre = rotterdam$size
    ),
    gbsg = survival_rows_of(gbsg$rfstime, gbsg$status, gbsg$hormon == 1, centre = gbsg$grade)
  )
}
