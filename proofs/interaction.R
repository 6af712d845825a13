# Coverage of the intervals of test_interaction() from counts, and of compare_proportions() within strata, by simulation.
#   make proofs   (or: Rscript proofs/interaction.R [data sets], with the package installed)
# Writes proofs/INTERACTION.md; about ten minutes on one core for 1,000 data sets. All data are simulated.

library(her2mod)

arguments <- commandArgs(TRUE)
sets <- if (length(arguments)) as.integer(arguments[[1]]) else 1000L
set.seed(20250729)

percent <- function(p) paste0(formatC(100 * p, digits = 1, format = "f"), "%")
with_error <- function(p) paste0(percent(p), " (", percent(sqrt(p * (1 - p) / sets)), ")")
# NA, where there is no interval, counts as not covered.
covered <- function(rows, truth) (rows$conf.low <= truth & truth <= rows$conf.high) %in% TRUE

# --- difference of differences, ratio of odds ratios ------------------------------------------------------------

# Patients with single and dual therapy in 3+ and in 2+/ISH+, and the chances of a pCR.
interactions <- list(
  "Zhang 2026's sizes, no interaction" = list(n = c(160, 92, 34, 22), p = c(0.45, 0.63, 0.26, 0.44)),
  "Zhang 2026's sizes, effect in 3+ alone" = list(n = c(160, 92, 34, 22), p = c(0.45, 0.63, 0.26, 0.26)),
  "30 a group, no interaction" = list(n = rep(30, 4), p = c(0.45, 0.63, 0.26, 0.44)),
  "30 a group, rare events" = list(n = rep(30, 4), p = c(0.3, 0.5, 0.04, 0.08)),
  "12 a group" = list(n = rep(12, 4), p = c(0.45, 0.63, 0.26, 0.44))
)
cells <- data.frame(
  her2 = factor(rep(c("3+", "2+ISH+"), each = 2), c("3+", "2+ISH+")),
  therapy = factor(rep(c("single", "dual"), 2), c("single", "dual"))
)
methods <- c("score", "newcombe", "wald", "likelihood-ratio")

one_interaction <- function(design) {
  cells$n <- design$n
  cells$pcr <- stats::rbinom(4, design$n, design$p)
  found <- tidy(test_interaction(cbind(pcr, n - pcr) ~ therapy * her2, cells, c("risk_difference", "odds_ratio"), methods))
  found <- found[found$term == "interaction", ]
  odds <- stats::qlogis(design$p)
  truth <- c(risk_difference = diff(diff(design$p)[c(1, 3)]), odds_ratio = exp(diff(diff(odds)[c(1, 3)])))
  stats::setNames(covered(found, truth[found$measure]), paste(found$measure, found$method))
}
interaction_lines <- vapply(names(interactions), function(name) {
  inside <- replicate(sets, one_interaction(interactions[[name]]))
  shown <- c(paste("risk_difference", methods), paste("odds_ratio", methods[-2]))
  paste0("| ", paste(c(name, with_error(rowMeans(inside)[shown])), collapse = " | "), " |")
}, "")

# --- common effects within centres ------------------------------------------------------------------------------

centres <- data.frame(n0 = c(60, 45, 30, 22, 15, 9, 6, 4), n1 = c(50, 45, 18, 22, 8, 12, 5, 3),
  p0 = c(0.3, 0.45, 0.25, 0.5, 0.35, 0.2, 0.4, 0.3))
common <- list(
  risk_difference = list(p1 = centres$p0 + 0.15, truth = 0.15),
  risk_ratio = list(p1 = 1.5 * centres$p0, truth = 1.5),
  odds_ratio = list(p1 = stats::plogis(stats::qlogis(centres$p0) + log(2)), truth = 2)
)
one_common <- function(term) {
  x0 <- stats::rbinom(8, centres$n0, centres$p0)
  x1 <- stats::rbinom(8, centres$n1, common[[term]]$p1)
  table <- array(rbind(x0, x1, centres$n0 - x0, centres$n1 - x1), c(2, 2, 8),
    list(therapy = c("single", "dual"), pcr = c("yes", "no"), centre = letters[1:8]))
  found <- tidy(compare_proportions(table, outcome = "yes"))
  found <- found[found$term == term, ]
  stats::setNames(covered(found, common[[term]]$truth), found$method)
}
common_lines <- unlist(lapply(names(common), function(term) {
  inside <- rowMeans(replicate(sets, one_common(term)))
  paste0("| ", term, " | ", names(inside), " | ", with_error(inside), " |")
}))

lines <- c(
  "# Coverage of intervals of interactions, and within strata", "",
  paste0(
    "Written by `Rscript proofs/interaction.R ", sets, "`: ", format(sets, big.mark = ","), " simulated data sets a row, ",
    "nominal 95%; in brackets the standard error of simulation. Where a method has no interval it does not cover."
  ), "",
  "## Does the effect of a therapy differ between two groups? (risk difference: RD; odds ratio: OR)", "",
  "| design | RD score | RD newcombe | RD wald | RD likelihood-ratio | OR score | OR wald | OR likelihood-ratio |",
  "|---|---|---|---|---|---|---|---|", unname(interaction_lines), "",
  "## One effect in eight centres, of 7 to 110 patients", "",
  "| effect | method | covered |", "|---|---|---|", common_lines, "",
  paste0("R ", getRversion(), ", her2mod ", utils::packageVersion("her2mod"), ".")
)
writeLines(lines, file.path("proofs", "INTERACTION.md"))
writeLines(lines)
