# Replicates `first` to `first + count - 1` of the trimmed mean difference. `group` is a
# factor of two levels, the first the reference.
trimmed_replicates <- function(response, group, trim, seed, count, first = 1,
                               plan = c("bootstrap", "permutation")) {
  plan <- match.arg(plan)
  stopifnot(nlevels(group) == 2, length(group) == length(response), first >= 1, count >= 1)
  cpp_trimmed_replicates(response, as.integer(group) - 1L, trim, plan, seed, first, count)
}
