# Survival data that tests share. The peer's formulas look for these here.
strata <- survival::strata

# Data sets of survival, with time, status (0/1), a group of two or three, and strata.
survival_sets <- function() {
  lung <- survival::lung
  rotterdam <- survival::rotterdam
  pbc <- survival::pbc[!is.na(survival::pbc$trt), ]
  colon <- survival::colon[survival::colon$etype == 2, ]
  veteran <- survival::veteran
  gbsg <- survival::gbsg
  list(
    lung = data.frame(time = lung$time, status = lung$status == 2, g = lung$sex, block = lung$ph.ecog),
    veteran = data.frame(time = veteran$time, status = veteran$status, g = veteran$trt, block = veteran$celltype),
    pbc = data.frame(time = pbc$time / 365.25, status = pbc$status == 2, g = pbc$trt, block = pbc$stage),
    colon = data.frame(time = colon$time, status = colon$status, g = colon$rx, block = colon$differ),
    rotterdam = data.frame(
      time = rotterdam$dtime, status = rotterdam$death, g = rotterdam$hormon, block = rotterdam$size
    ),
    gbsg = data.frame(time = gbsg$rfstime, status = gbsg$status, g = gbsg$hormon, block = gbsg$grade)
  )
}

# One number of tidy().
estimate_of <- function(x, term, column = "estimate", group = NULL, method = NULL, time = NULL) {
  rows <- tidy(x)
  keep <- rows$term == term
  if (!is.null(group)) keep <- keep & rows$group %in% group
  if (!is.null(method)) keep <- keep & rows$method == method
  if (!is.null(time)) keep <- keep & rows$time %in% time
  rows[[column]][keep]
}
