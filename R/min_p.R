# Step-down min p of Westfall and Young, from each outcome's own p-values: of the data, and of every replicate.

# By rank among the replicates and the data; of all arrangements (`listed`) the observed one is among them already, and the
# ranks are exact. A value that does not exist speaks against nothing: it counts as extreme.
ranked_p <- function(evidence, listed = FALSE) {
  value <- c(evidence$observed, evidence$replicates)
  if (is.nan(value[[1]])) abort_data("An observed statistic is not a number.")
  value[is.na(value)] <- Inf
  sorted <- sort(if (listed) value[-1] else value)
  p <- (length(sorted) - findInterval(tied_from(value), sorted, left.open = TRUE)) / length(sorted)
  # Being tied is not transitive: a replicate tied with the data may have fewer ties of its own, but counts against them.
  reaches <- value >= tied_from(value[[1]])
  p[reaches] <- pmin(p[reaches], p[[1]])
  list(observed = p[[1]], replicates = p[-1], exact = listed)
}

# Of signed distances from the middle: twice the share of the tail in which each lies.
ranked_tails <- function(signed, listed = FALSE) {
  both_tails(signed, up = ranked_p(signed, listed), down = ranked_p(lapply(signed, `-`), listed))
}

both_tails <- function(signed, up, down) {
  of <- function(which) pmin(1, 2 * ifelse(signed[[which]] < 0 & !is.na(signed[[which]]), down[[which]], up[[which]]))
  list(observed = of("observed"), replicates = of("replicates"), exact = up$exact, tails = 2)
}

tails_of <- function(ranked) if (is.null(ranked$tails)) 1 else ranked$tails

tied_from <- function(value) ifelse(is.infinite(value), value, value - 1e-7 * abs(value))

# By the exact null distribution: P(distance >= d), in the direction of the alternative. On a grid the mass of a point is
# that around it.
null_p_values <- function(null, evidence, distance) {
  if (null$kind == "grid") {
    half <- diff(null$value[1:2]) / 2
    tail <- c(rev(cumsum(rev(null$probability))), 0)
    above <- function(v) stats::approx(c(null$value - half, max(null$value) + half), tail, v, rule = 2)$y
    up <- function(d) above(evidence$centre + d)
    down <- function(d) 1 - above(evidence$centre - d)
    p <- switch(evidence$alternative, greater = up, less = down, two.sided = function(d) up(d) + down(d))
  } else {
    away <- distance(null$value)
    order <- order(away)
    # Arrangements without a value count as extreme, as everywhere; they are at least one of most_listed(), not rounding.
    lost <- 1 - sum(null$probability)
    tail <- c(rev(cumsum(rev(null$probability[order]))), 0) + if (lost > 1e-9) lost else 0
    p <- function(d) tail[findInterval(tied_from(d) - evidence$rounding, away[order], left.open = TRUE) + 1]
  }
  replicates <- evidence$replicates
  replicates[is.nan(replicates)] <- Inf
  list(observed = min(1, p(evidence$observed)), replicates = pmin(1, p(replicates)), exact = TRUE)
}

# Adjusted p-values and what they may be off by (95%). `each`: of every outcome p-values of the data and of the replicates,
# and whether they are exact.
step_down_min_p <- function(each, listed = FALSE, call = rlang::caller_env()) {
  observed <- vapply(each, `[[`, 0, "observed")
  replicates <- do.call(cbind, lapply(each, `[[`, "replicates"))
  R <- nrow(replicates)
  at <- function(p) {
    share <- call_core(cpp_max_t(-p, -replicates), call)
    # The core counts the data beside the replicates.
    if (listed) (share * (R + 1) - 1) / R else share
  }
  adjusted <- at(observed)
  if (listed) return(list(p = adjusted, error = rep(0, length(each))))
  error <- share_error(adjusted, R)
  if (length(each) > 1 && !all(vapply(each, `[[`, NA, "exact"))) {
    error <- error + ranking_error(at, observed, adjusted, R, vapply(each, tails_of, 0))
  }
  list(p = adjusted, error = error)
}

listed_words <- function(count) paste("exact: all", format(count, big.mark = ",", scientific = FALSE), "arrangements")

# 95% limits of a share of R.
share_error <- function(p, R) 1.96 * sqrt(p * (1 - p) / R)

# Ranks among replicates are p-values that chance has moved, those of two outcomes in opposite directions: what exactly
# ties with the data may seem less extreme. The adjusted p at both ends of where the outcome's own may be among the others';
# the variance of a difference of two shares of p is at most 2 min(p, 1 - p) / R. `tails`: p is so many times a share.
ranking_error <- function(at, observed, adjusted, R, tails) {
  share <- observed / tails
  moved <- 1.96 * tails * sqrt(2 * pmin(share, 1 - share) / R)
  pmax(at(pmin(1, observed + moved)) - adjusted, adjusted - at(pmax(0, observed - moved)))
}

# Replicates may say less than the p itself, which the adjusted one never is. (Nor is it above Holm's, were all arrangements
# seen; but to cut at Holm's what some of them say would add that to the replicates' own errors: it rejects too often.)
at_least_own <- function(adjusted, p) {
  bounded <- pmax(adjusted, p)
  order <- order(p)
  bounded[order] <- cummax(bounded[order])
  bounded
}

# The least adjusted p that R replicates can show.
is_least_adjusted <- function(p, R) !is.na(R) & p <= (1 + 1e-9) / (R + 1)
