test_that("the catalogue lists every statistic of the design for a binary endpoint", {
  all <- statistics()
  expect_s3_class(all, "data.frame")
  expect_identical(names(all), c("name", "title", "endpoint", "scale", "sign"))
  # Names and scales as the design's public interface gives them.
  expect_identical(
    all[all$endpoint == "binary", c("name", "scale")],
    data.frame(
      name = c("risk_difference", "risk_ratio", "odds_ratio"), scale = c("identity", "log", "log")
    )
  )
  expect_false(anyDuplicated(all$name) > 0)
  expect_true(all(nzchar(all$title)))
  expect_true(all(all$scale %in% c("identity", "log")))
  expect_true(all(all$sign %in% c(-1, 1)))
})
