test_that("the printed figures are those of the abstract", {
  # Ma 2025, doi:10.4143/crt.2024.1200, abstract.
  figures <- function(id) {
    unlist(ma2025_claims[ma2025_claims$id == id, c("percent_reference", "percent_other", "p_value")], use.names = FALSE)
  }
  expect_equal(figures("hr_status"), c("48.7", "76.1", "<0.001"))
  expect_equal(figures("pcr"), c("46.07", "16.24", "<0.001"))
  expect_equal(figures("pcr_by_therapy"), c("12.24", "19.12", "0.287"))
  expect_equal(figures("dfs_by_therapy"), c(NA, NA, "0.908"))
  expect_equal(ma2025_claims$printed[ma2025_claims$id == "patients"], "575")
})

test_that("each claim has its row, and those without a figure say so", {
  expect_equal(anyDuplicated(ma2025_claims$id), 0)
  expect_false(anyNA(ma2025_claims[c("id", "claim", "outcome", "printed", "recomputable")]))
  without <- ma2025_claims$id[ma2025_claims$printed == "no figure printed"]
  expect_setequal(without, c("her2_loss", "dfs", "cells_dual", "cells_tdxd"))
  bare <- ma2025_claims[ma2025_claims$id %in% without, c("percent_reference", "percent_other", "p_value")]
  expect_true(all(is.na(bare)))
  expect_true(all(startsWith(ma2025_claims$recomputable[ma2025_claims$id %in% without], "nothing")))
})
