#' The claims of the founding study
#'
#' One row for each claim that the abstract of Ma and others (2025) makes about HER2-mod (IHC
#' 2+/ISH+) against IHC 3+ breast cancer, in our own words, with its figures exactly as printed.
#' The patients' rows are not public; nothing here is simulated.
#'
#' @format A data frame with 9 rows:
#' \describe{
#'   \item{id}{Short name of the claim.}
#'   \item{claim}{What is claimed, in our words.}
#'   \item{outcome}{The outcome it speaks of.}
#'   \item{reference, other}{The groups compared; effects are other minus (or over) reference. `NA`
#'     for the cell lines, where drugs and not groups of patients are compared.}
#'   \item{percent_reference, percent_other}{The printed percentages as text, so that their digits
#'     are kept; `NA` where none is printed.}
#'   \item{p_value}{The printed p-value as text, or `NA`.}
#'   \item{printed}{All printed figures in one text, or `"no figure printed"`.}
#'   \item{recomputable}{What can be computed again from these figures.}
#' }
#' @source Ma L, Zheng R, Xu L, and others (2025). Differences in responses to neoadjuvant anti-HER2
#'   therapy between HER2 2+/ISH+ and HER2 3+ in HER2-positive breast cancer. *Cancer Research and
#'   Treatment*; final issue 2026;58(2):501-512. \doi{10.4143/crt.2024.1200} (abstract).
#' @seealso [reproduce_study()], which computes them again.
#' @docType data
#' @keywords datasets
#' @name ma2025_claims
#' @usage ma2025_claims
#' @examples
#' ma2025_claims[c("id", "printed", "recomputable")]
# Documented by name, so that roxygen2 need not load the data.
NULL
