# The log-rank family is signed with two groups, and a quadratic form with more: which of them, the data
# decide.

of_any_groups <- c("logrank", "fleming_harrington")

perm_group_range <- function(statistic) {
  if (statistic$name %in% of_any_groups) return(c(2, Inf))
  pmax(group_range(statistic), c(2, 2))
}

# What the rank and the category test are called where they look within strata.
within_strata <- function(statistic, compared) {
  if (length(compared$strata) < 2) return(statistic)
  statistic$title <- switch(statistic$name,
    kruskal_wallis = "Kruskal-Wallis statistic within strata",
    chi_squared = "Cochran-Mantel-Haenszel statistic of general association", statistic$title
  )
  statistic
}

for_groups <- function(statistic, n_groups) {
  if (n_groups == 2) return(statistic)
  if (statistic$name == "maxcombo") statistic$title <- sub("^MaxCombo( statistic)?", "MaxCombo chi-squared", statistic$title)
  if (!statistic$name %in% of_any_groups) return(statistic)
  kind <- if (is_studentised(statistic)) " chi-squared" else " statistic"
  title <- sub("^studentised ", "", sub(" (observed minus expected events)", "", statistic$title, fixed = TRUE))
  statistic$title <- sub(" score", kind, title, fixed = TRUE)
  statistic[c("role", "sign", "null", "outputs")] <- list("test", 1L, 0, 1L)
  statistic$limits <- c(0, Inf)
  statistic
}
