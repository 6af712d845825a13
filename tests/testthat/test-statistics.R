test_that("the catalogue lists every statistic of the design", {
  all <- statistics()
  expect_s3_class(all, "data.frame")
  expect_identical(names(all), c(
    "name", "title", "endpoint", "role", "scale", "sign", "null", "lowest", "highest", "outputs",
    "parameter"
  ))
  # Names, endpoints and scales as the design's public interface gives them; what a value of "no
  # effect" and a parameter's limits are follows from the formulas.
  design <- read.csv(strip.white = TRUE, text = "
    name,                    endpoint,    role,   scale,    sign, null, lowest, highest, outputs
    risk_difference,         binary,      effect, identity, -1,   0,    -1,     1,       2
    risk_ratio,              binary,      effect, log,      -1,   0,    -Inf,   Inf,     2
    odds_ratio,              binary,      effect, log,      -1,   0,    -Inf,   Inf,     2
    mean_difference,         numeric,     effect, identity, -1,   0,    -Inf,   Inf,     2
    mean_ratio,              numeric,     effect, log,      -1,   0,    -Inf,   Inf,     2
    median_difference,       numeric,     effect, identity, -1,   0,    -Inf,   Inf,     2
    quantile_difference,     numeric,     effect, identity, -1,   0,    -Inf,   Inf,     2
    standardised_difference, numeric,     effect, identity, -1,   0,    -Inf,   Inf,     2
    standardised_distance,   categorical, effect, identity, 1,    0,    0,      Inf,     1
    win_probability,         numeric,     effect, identity, -1,   0.5,  0,      1,       2
    kruskal_wallis,          numeric,     test,   identity, 1,    0,    0,      Inf,     1
    chi_squared,             categorical, test,   identity, 1,    0,    0,      Inf,     1
    survival_difference,     survival,    effect, identity, -1,   0,    -1,     1,       2
    rmst_difference,         survival,    effect, identity, -1,   0,    -Inf,   Inf,     2
    rmst_ratio,              survival,    effect, log,      -1,   0,    -Inf,   Inf,     2
    median_survival_difference, survival, effect, identity, -1,   0,    -Inf,   Inf,     1
    log_hazard_ratio,        survival,    effect, identity, -1,   0,    -Inf,   Inf,     2
    logrank,                 survival,    effect, identity, -1,   0,    -Inf,   Inf,     2
    fleming_harrington,      survival,    effect, identity, -1,   0,    -Inf,   Inf,     2
    maxcombo,                survival,    test,   identity, 1,    0,    0,      Inf,     1
    adjusted_risk_difference, binary,     effect, identity, -1,   0,    -1,     1,       1
    adjusted_risk_ratio,     binary,      effect, log,      -1,   0,    -Inf,   Inf,     1
    adjusted_odds_ratio,     binary,      effect, log,      -1,   0,    -Inf,   Inf,     1
    adjusted_rmst_difference, survival,   effect, identity, -1,   0,    -Inf,   Inf,     1
  ")
  for (column in names(design)) expect_equal(all[[column]], design[[column]], info = column)
  expect_identical(all$name[nzchar(all$parameter)],
    c(
      "quantile_difference", "standardised_difference", "survival_difference", "rmst_difference",
      "rmst_ratio", "logrank", "fleming_harrington", "maxcombo", "adjusted_risk_difference", "adjusted_risk_ratio",
      "adjusted_odds_ratio", "adjusted_rmst_difference"
    )
  )
  expect_false(anyDuplicated(all$name) > 0)
  expect_false(anyDuplicated(all$title) > 0)
  expect_true(all(nzchar(all$title)))
})
