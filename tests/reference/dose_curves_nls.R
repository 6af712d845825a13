# Dose-response curves by stats::nls of R 4.2.2, to a relative offset of 1e-10, from drc 4.0.0's estimates: drc's own stop some
# digits before the minimum (ryegrass, ED90: 6.38864005; nls: 6.38862533, and a smaller sum of squares).
# Held by tests/cpp/test_dose.cpp and test_dose_profile.cpp. Usage: Rscript tests/reference/dose_curves_nls.R, with drc
# installed and ../shared there.

curve <- function(shape, z) {
  switch(shape, log_logistic = 1 / (1 + exp(z)), weibull1 = exp(-exp(z)), weibull2 = 1 - exp(-exp(-z)))
}

refit <- function(dose, y, shape, start, left = NULL) {
  x <- pmax(log(dose), -1e3)
  if (!is.null(left)) start <- start[names(start) != "left"]
  form <- y ~ right + (left - right) * curve(shape, slope * (x - middle))
  environment(form) <- environment()
  nls(form, start = as.list(start), control = list(tol = 1e-10, maxiter = 500, warnOnly = TRUE))
}

show <- function(name, fit) {
  found <- c(coef(fit), ec50 = exp(coef(fit)[["middle"]]), squares = sum(resid(fit)^2))
  cat(name, paste(names(found), sprintf("%.10g", found), collapse = ", "), "\n")
}

named <- function(co, left = NULL) {
  co <- unname(co)
  c(slope = abs(co[[1]]), right = co[[2]], left = if (is.null(left)) co[[3]] else left, middle = log(co[[length(co)]]))
}

suppressMessages(library(drc))
for (shape in c("log_logistic", "weibull1", "weibull2")) {
  fct <- list(log_logistic = LL.4(), weibull1 = W1.4(), weibull2 = W2.4())[[shape]]
  start <- named(coef(drm(rootl ~ conc, data = ryegrass, fct = fct)))
  show(paste("ryegrass", shape), refit(ryegrass$conc, ryegrass$rootl, shape, start))
}
points <- read.csv("../shared/data/dose_response_digitised.csv")
points <- points[points$drug == "T-DXd", ]
for (line in unique(points$cell_line)) {
  own <- points[points$cell_line == line, ]
  free <- drm(viability_pct ~ conc_ng_ml, data = own, fct = LL.4())
  from_100 <- drm(viability_pct ~ conc_ng_ml, data = own, fct = LL.4(fixed = c(NA, NA, 100, NA)))
  fit <- refit(own$conc_ng_ml, own$viability_pct, "log_logistic", named(coef(free)))
  show(line, fit)
  co <- as.list(coef(fit))
  cat("  at 50:", sprintf("%.10g", exp(co$middle + log((co$left - 50) / (50 - co$right)) / co$slope)), "\n")
  show(paste(line, "from 100"), refit(own$conc_ng_ml, own$viability_pct, "log_logistic", named(coef(from_100), 100), 100))
}

# Profile intervals: where optim with one parameter held has a sum of squares of S (1 + t^2 / df).
profile_ends <- function(fit, dose, y, which) {
  x <- pmax(log(dose), -1e3)
  co <- coef(fit)
  least <- sum(resid(fit)^2)
  df <- length(y) - length(co)
  allowed <- least * (1 + qt(0.975, df)^2 / df)
  rest <- names(co) != which
  squares <- function(c) {
    held <- function(p) {
      p <- as.list(c(p, stats::setNames(c, which)))
      y - (p$right + (p$left - p$right) * curve("log_logistic", p$slope * (x - p$middle)))
    }
    found <- optim(co[rest], function(p) sum(held(p)^2), control = list(maxit = 1e5, reltol = 1e-15, parscale = abs(co[rest])))
    found <- optim(found$par, function(p) sum(held(p)^2), method = "BFGS",
      control = list(maxit = 1e4, reltol = 1e-16, parscale = abs(co[rest])))
    found$value - allowed
  }
  error <- sqrt(diag(vcov(fit)))[[which]]
  end <- function(side) {
    out <- co[[which]] + side * error
    while (squares(out) < 0) out <- out + side * error
    uniroot(squares, sort(c(co[[which]], out)), tol = 1e-9)$root
  }
  c(end(-1), end(1))
}

fit <- refit(ryegrass$conc, ryegrass$rootl, "log_logistic", named(coef(drm(rootl ~ conc, data = ryegrass, fct = LL.4()))))
co <- as.list(coef(fit))
cat("ryegrass: ED10, ED90", sprintf("%.10g", exp(co$middle + c(-1, 1) * log(9) / co$slope)), "\n")
cat("ryegrass: S (1 + t^2 / df)", sprintf("%.10g", sum(resid(fit)^2) * (1 + qt(0.975, 20)^2 / 20)), "\n")
for (which in c("middle", "slope", "left", "right")) {
  cat(" ", which, sprintf("%.8g", profile_ends(fit, ryegrass$conc, ryegrass$rootl, which)), "\n")
}
