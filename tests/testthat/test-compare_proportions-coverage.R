# Coverage and size by full enumeration, against the figures of VALIDITY.md (to three decimals).

test_that("coverage and size at 20 patients a group are the published ones", {
  tables <- all_tables(20, 20)
  found <- table_results(tables, method_rows(cost != "searches"))
  at <- seq(0.01, 0.99, 0.01)
  mass <- function(p) outer(0:20, p, function(x, p) dbinom(x, 20, p))
  size <- function(test) {
    rejected <- which(found[, paste0("test:", test), "p.value"] <= 0.05)
    max(colSums(mass(at)[tables$x0[rejected] + 1, ] * mass(at)[tables$x1[rejected] + 1, ]))
  }
  sizes <- c(fisher = 0.0253, "fisher-midp" = 0.0385, pearson = 0.0534, barnard = 0.0498)
  for (test in names(sizes)) expect_lt(abs(size(test) - sizes[[test]]), 6e-5)

  fine <- seq(0.001, 0.999, 0.001)
  of_20 <- found[tables$x0 == 0, , ]
  covers <- function(method) {
    limits <- of_20[, paste0("proportion:", method, 2), ]
    inside <- outer(limits[, "conf.low"], fine, "<=") & outer(limits[, "conf.high"], fine, ">=")
    coverage <- colSums(mass(fine) * inside)
    c(mean(coverage), min(coverage))
  }
  anchors <- list(
    wilson = c(0.953, 0.852), "clopper-pearson" = c(0.977, 0.958), midp = c(0.961, 0.929)
  )
  for (method in names(anchors)) expect_lt(max(abs(covers(method) - anchors[[method]])), 6e-4)
})
