# Data that simulate_cohort() made say so wherever they show: prints and captions ask here.

is_simulated <- function(data) inherits(data, "her2_simulated")

# A line for a print or a caption, or nothing.
simulated_remark <- function(simulated) if (isTRUE(simulated)) "simulated data"
