# Writes data/ma2025_claims.rda. Run from the package's folder: Rscript data-raw/ma2025_claims.R
# Source of every figure: the abstract of Ma L and others, Cancer Res Treat 2025,
# doi:10.4143/crt.2024.1200 (final issue 2026;58(2):501-512). Claims in our own words.

claim <- function(id, claim, outcome, reference, other, percent_reference = NA, percent_other = NA,
                  p_value = NA, printed, recomputable) {
  data.frame(
    id = id, claim = claim, outcome = outcome, reference = reference, other = other,
    percent_reference = as.character(percent_reference),
    percent_other = as.character(percent_other),
    p_value = as.character(p_value), printed = printed, recomputable = recomputable
  )
}

her2 <- c("IHC 3+", "HER2-mod")
therapy <- c("single", "dual")
nothing <- "no figure printed"
from_counts <- "counts, effects with exact intervals, p-value"

ma2025_claims <- rbind(
  claim("patients", "575 patients with HER2-positive breast cancer were looked at.",
    "number of patients", her2[1], her2[2],
    printed = "575", recomputable = "the two group sizes, from the percentages"
  ),
  claim("hr_status", "HER2-mod tumours are more often hormone receptor positive (HR+).",
    "HR+", her2[1], her2[2], "48.7", "76.1", "<0.001",
    printed = "48.7% vs 76.1%, p<0.001", recomputable = from_counts
  ),
  claim("pcr", "HER2-mod tumours less often reach pathological complete response (pCR).",
    "pCR", her2[1], her2[2], "46.07", "16.24", "<0.001",
    printed = "46.07% vs 16.24%, p<0.001", recomputable = from_counts
  ),
  claim("her2_loss", "HER2-mod tumours lose HER2 protein more often during neoadjuvant therapy.",
    "HER2 protein loss", her2[1], her2[2],
    printed = nothing, recomputable = "nothing: needs the counts before and after therapy"
  ),
  claim("dfs", "Disease-free survival (DFS) tends to be worse in HER2-mod.",
    "DFS", her2[1], her2[2],
    printed = nothing, recomputable = "nothing: needs follow-up times and events"
  ),
  claim("pcr_by_therapy",
    "Within HER2-mod, trastuzumab with pertuzumab (dual) gives no significantly higher pCR than one antibody (single).",
    "pCR within HER2-mod", therapy[1], therapy[2], "12.24", "19.12", "0.287",
    printed = "19.12% (dual) vs 12.24% (single), p=0.287", recomputable = from_counts
  ),
  claim("dfs_by_therapy", "Within HER2-mod, dual therapy gives no significantly better DFS than single.",
    "DFS within HER2-mod", therapy[1], therapy[2],
    p_value = "0.908",
    printed = "p=0.908", recomputable = "nothing: needs follow-up times and events"
  ),
  claim("cells_dual", "In vitro, the two antibodies together do little in HER2-mod cell lines.",
    "drug sensitivity in vitro", NA_character_, NA_character_,
    printed = nothing, recomputable = "nothing: needs the dose-response readings"
  ),
  claim("cells_tdxd", "In vitro, trastuzumab deruxtecan (T-DXd) does much in HER2-mod cell lines.",
    "drug sensitivity in vitro", NA_character_, NA_character_,
    printed = nothing, recomputable = "nothing: needs the dose-response readings"
  )
)

save(ma2025_claims, file = "data/ma2025_claims.rda", version = 2, compress = "xz")
