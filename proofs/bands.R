# Coverage of simultaneous bands of survival curves and of their difference, by simulation.
#   make proofs        (or: Rscript proofs/bands.R [data sets a row], with the package installed; some minutes)
# Writes proofs/BANDS.md. All data are simulated: the reference group's times are exponential, the
# other's Weibull of shape 2, each with 30% exponential censoring. A band is right when the true curve
# is inside at every time of its range, on each step of the estimate at both ends.

library(her2mod)

sets <- as.integer(c(commandArgs(TRUE), "2000")[[1]])
resamples <- 999
sizes <- c(50, 100, 200)
types <- c("hall-wellner", "equal-precision", "bootstrap")
scales <- c("log-log", "arcsine", "plain")
core <- asNamespace("her2mod")

truth <- list(
  exponential = function(t) exp(-t),
  Weibull = function(t) exp(-t^2)
)
draw <- list(exponential = stats::rexp, Weibull = function(n) stats::rweibull(n, 2))
# P(C < T) = integral of rate exp(-rate t) S(t) is 0.3.
censoring <- vapply(truth, function(s) {
  share <- function(rate) stats::integrate(function(t) rate * exp(-rate * t) * s(t), 0, Inf)$value
  stats::uniroot(function(rate) share(rate) - 0.3, c(0.01, 5), tol = 1e-10)$root
}, 0)

simulate <- function(n) {
  do.call(rbind, lapply(names(truth), function(name) {
    time <- draw[[name]](n)
    end <- stats::rexp(n, censoring[[name]])
    data.frame(time = pmin(time, end), status = as.integer(time <= end), group = name)
  }))
}

# Is s(t) within the limits from each row's time to the next, the last to `end`?
inside <- function(rows, end, s) {
  known <- !is.na(rows$conf.low)
  value <- s(cbind(rows$time, c(rows$time[-1], end))[known, , drop = FALSE])
  all(value >= rows$conf.low[known] & value <= rows$conf.high[known])
}

# --- critical values ------------------------------------------------------------------------------

# The exact ones of the package take 50 ms each; they are smooth, so here they are interpolated between
# exact ones: of the equal-precision band in the length of its range of logit(x), of the other in both ends.
exact_critical <- function(kind, a, b) {
  x <- c(a, b)
  core$cpp_survival_band(c(1, 2), c(0.9, 0.5), x / (1 - x), 1, 1, 2, 0.95, kind == "equal-precision", "plain")$critical
}
lengths <- seq(0.5, 8, length.out = 40)
of_length <- function(l) exact_critical("equal-precision", stats::plogis(-l / 2), stats::plogis(l / 2))
by_length <- stats::splinefun(lengths, vapply(lengths, of_length, 0))
starts <- c(0, 0.01, 0.02, 0.04, 0.08, 0.12)
ends <- c(seq(0.4, 0.9, 0.05), 0.93, 0.96, 0.98, 0.999)
by_end <- lapply(starts, function(a) {
  stats::splinefun(ends, vapply(ends, function(b) exact_critical("hall-wellner", a, b), 0), "natural")
})
quick_critical <- function(kind, a, b) {
  if (kind == "equal-precision") return(by_length(stats::qlogis(b) - stats::qlogis(a)))
  if (a > max(starts) || b < min(ends)) return(exact_critical(kind, a, b))
  stats::spline(starts, vapply(by_end, function(f) f(b), 0), xout = a, method = "natural")$y
}

# --- one data set ---------------------------------------------------------------------------------

# The rows of one curve's band.
curve_band <- function(x, g, type, scale, range, critical) {
  times <- core$band_times(x$curves[g], range)
  at <- core$curve_values(x$curves[[g]], times)
  n <- sum(x$cells$n[x$cells$group == g - 1])
  # Of a width k (1 + n v) / sqrt(n), as of c sqrt(v).
  squared <- if (type == "hall-wellner") (1 + n * at$greenwood)^2 / n else at$greenwood
  limits <- core$limits_within(at$survival, squared, critical, scale)
  data.frame(time = times, conf.low = limits$low, conf.high = limits$high)
}

position <- function(x, g, t) {
  nv <- sum(x$cells$n[x$cells$group == g - 1]) * core$curve_values(x$curves[[g]], t)$greenwood
  nv / (1 + nv)
}

one_set <- function(n, seed) {
  x <- compare_survival(Surv(time, status) ~ group, simulate(n), ref = "exponential")
  # The bootstrap has a critical value for each scale.
  drawn <- lapply(stats::setNames(scales, scales), function(scale) {
    survival_bands(x, "bootstrap", scale = scale, R = resamples, seed = seed, threads = 1)
  })
  curves <- vapply(1:2, function(g) {
    unlist(lapply(c(types, "pointwise"), function(type) {
      range <- core$band_ranges(x, if (type == "pointwise") "equal-precision" else type, NULL, NULL)[[g]]
      critical_on <- function(scale) {
        switch(type,
          bootstrap = drawn[[scale]]$critical$critical[[g]],
          pointwise = stats::qnorm(0.975),
          quick_critical(type, position(x, g, range[[1]]), position(x, g, range[[2]]))
        )
      }
      vapply(if (type == "pointwise") "log-log" else scales, function(scale) {
        critical <- critical_on(scale)
        inside(curve_band(x, g, type, scale, range, critical), range[[2]], truth[[g]])
      }, NA)
    }))
  }, logical(10))
  # On the plain scale, whatever that of the curves is.
  bands <- drawn[[1]]$bands
  difference <- bands[bands$term == "survival_difference", ]
  c(t(curves), inside(difference, drawn[[1]]$critical$to[[3]], function(t) truth$Weibull(t) - truth$exponential(t)))
}

# The bands made here are those of the package.
check_set <- function(n) {
  x <- compare_survival(Surv(time, status) ~ group, simulate(n), ref = "exponential")
  for (type in types[1:2]) {
    for (scale in scales) {
      theirs <- survival_bands(x, type, scale = scale)
      for (g in 1:2) {
        own <- theirs$critical[g, ]
        range <- c(own$from, own$to)
        critical <- quick_critical(type, position(x, g, range[[1]]), position(x, g, range[[2]]))
        mine <- curve_band(x, g, type, scale, range, critical)
        rows <- theirs$bands[theirs$bands$group == own$group, names(mine)]
        stopifnot(abs(critical - own$critical) < 1e-4, max(abs(as.matrix(mine) - as.matrix(rows)), na.rm = TRUE) < 1e-4)
      }
    }
  }
}

set.seed(20240611)
for (n in sizes) check_set(n)
shares <- lapply(sizes, function(n) rowMeans(vapply(seq_len(sets), function(i) one_set(n, i), logical(21))))

# --- the file -------------------------------------------------------------------------------------

error <- function(p) sqrt(p * (1 - p) / sets)
# More than three standard errors below 95%.
off <- function(p) p < 0.95 - 3 * error(0.95)
show <- function(p) paste0(formatC(100 * p, digits = 1, format = "f"), ifelse(off(p), " **low**", ""))

columns <- c(outer(scales, types, function(scale, type) paste0(type, ", ", scale)), "pointwise, log-log")
rows <- unlist(lapply(seq_along(sizes), function(i) {
  own <- matrix(shares[[i]][1:20], 2)
  vapply(1:2, function(d) {
    paste0("| ", names(truth)[[d]], " | ", sizes[[i]], " | ", paste(show(own[d, ]), collapse = " | "), " |")
  }, "")
}))
differences <- vapply(shares, function(s) s[[21]], 0)
bands_low <- sum(vapply(shares, function(s) sum(off(s[1:18])), 0))

# Of each type and scale the lowest and the highest figure, and how many are low.
curves <- vapply(shares, function(s) s[1:18], double(18))
spans <- vapply(seq_len(9), function(k) {
  own <- curves[2 * k - 1:0, ]
  paste0(
    "* ", columns[[k]], ": ", formatC(100 * min(own), digits = 1, format = "f"), " to ",
    formatC(100 * max(own), digits = 1, format = "f"), "; low: ", sum(off(own)), " of ", length(own)
  )
}, "")

writeLines(c(
  "# Simultaneous bands, by simulation", "",
  paste0(
    "Made by `Rscript proofs/bands.R ", sets, "` with her2mod ", packageVersion("her2mod"), ", ", R.version.string, "."
  ),
  "",
  "## Share of data sets whose 95% band holds the whole true curve, %", "",
  paste0(
    sets, " simulated data sets a row, n patients, 30% censored, default ranges, ", resamples,
    " bootstrap replicates. Monte Carlo standard error ", formatC(100 * error(0.95), digits = 2, format = "f"),
    " at 95%; **low**: more than ",
    "three of them below 95%, which is so of ", bands_low, " of ", 18 * length(sizes),
    " figures of bands. The last column, for contrast, is what the pointwise limits hold when they are taken for a ",
    "band, on the equal-precision range."
  ),
  "",
  paste0("| times | n | ", paste(columns, collapse = " | "), " |"),
  paste0("|", strrep("---|", length(columns) + 2)),
  rows, "", "From lowest to highest:", "", spans, "",
  "**A band whose figures are low misses its level: at these n it is too narrow.** Pointwise limits are no band.",
  "", "## The band of the difference of the two curves, %", "",
  paste0("| n a group | ", paste(sizes, collapse = " | "), " |"),
  paste0("|", strrep("---|", length(sizes) + 1)),
  paste0("| bootstrap | ", paste(show(differences), collapse = " | "), " |")
), "proofs/BANDS.md")
cat("bands low:", bands_low, "; differences low:", sum(off(differences)), "\n")
