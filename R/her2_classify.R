#' HER2 class from IHC and ISH
#'
#' Reads immunohistochemistry (IHC) and in situ hybridisation (ISH) results as they stand in spreadsheets and
#' registries, and gives each tumour its class by the rules of the ASCO/CAP guideline, with a reason. What cannot
#' be read, and results that contradict each other, are listed: nothing is guessed.
#'
#' @section Classes:
#' | class | IHC | ISH |
#' |---|---|---|
#' | `HER2-0` | 0 | not needed, or negative |
#' | `HER2-ultralow` (on request) | 0, with faint incomplete staining of at most 10% of cells | the same |
#' | `HER2-low` | 1+ | not needed, or negative |
#' | `HER2-low` | 2+ | negative |
#' | `HER2-mod` | 2+ | positive |
#' | `HER2 3+` | 3+ | not needed |
#' | `equivocal` | 2+ | none, or not settled |
#'
#' All other tumours have `NA` and a reason: a result that is missing or was not read; "Negative", which is IHC 0 or
#' 1+, and so `HER2-0` or `HER2-low`; "Positive" (below); an ISH result without IHC, which tells HER2-positive from
#' HER2-negative but none of the classes.
#'
#' Comparisons take the first level that has patients as reference, which among `HER2-mod` and `HER2 3+` is
#' `HER2-mod`: say `ref = "HER2 3+"`, or set the levels in the order you want.
#'
#' @section Contradictions:
#' IHC 3+ with negative ISH stays `HER2 3+`: the guideline asks for no ISH there (`contradictory = "missing"`
#' makes it `NA`). IHC 0 or 1+ with positive ISH is HER2-positive by ISH, but none of the classes: `NA`. So are
#' IHC 2+ and less where an ISH call and the numbers disagree. A warning counts them and [her2_reasons()] lists
#' them.
#'
#' @section ISH:
#' From HER2/CEP17 `ratio` and average HER2 `copies` per cell (dual probe):
#'
#' | group | ratio | copies | 2018, 2023 | 2013 |
#' |---|---|---|---|---|
#' | 1 | at least 2.0 | at least 4.0 | positive | positive |
#' | 2 | at least 2.0 | below 4.0 | negative; positive at IHC 3+ | positive |
#' | 3 | below 2.0 | at least 6.0 | positive at IHC 2+ and 3+; negative at 0 and 1+ | positive |
#' | 4 | below 2.0 | 4.0 to below 6.0 | negative; positive at IHC 3+ | equivocal |
#' | 5 | below 2.0 | below 4.0 | negative | negative |
#'
#' At IHC 2+ the guidelines of 2018 and 2023 have groups 2, 3 and 4 counted again by a second observer: the numbers
#' given here are taken to be the final ones, and the reason says so. From `copies` alone (single probe): at
#' least 6.0 positive, below 4.0 negative, between them equivocal; in 2018 and 2023 IHC 0 and 1+ settle that as
#' negative and 3+ as positive, and IHC 2+ stays `equivocal` (dual-probe ISH is needed). A `ratio` alone settles
#' ISH in 2013 where it is at least 2.0, else not: it does not tell the groups apart. ISH that is equivocal
#' leaves IHC 0 and 1+ `equivocal` in 2013. The guideline of 2023 affirmed the rules of 2018. A ratio, copies or a call that
#' stand there but were not read are not taken for absent: beside other ISH results they leave IHC 0 to 2+ `equivocal`
#' wherever what they say could change the class.
#'
#' @section What is read:
#' IHC: 0 to 3 as numbers or text; `"2+"`, `"IHC 2+"`, `"HER2 (++)"`, `"+++"`, `"3 plus"`, `"Positive (3+)"`,
#' `"3+, 90%"` (not `"3+, 5%"`: 1+ to 3+ are of more than 10% of the cells), full-width and superscript signs;
#' "negative", "positive" and "equivocal" in English, German, Italian, Spanish, French and Chinese; codes
#' for missing results such as `"[Not Available]"`; `"2+/FISH+"` gives both results; "negative by FISH" is none of IHC.
#' "Equivocal" is IHC 2+, as the guideline has it. "Positive" alone would be 3+ by the
#' guideline's words, but is often said of the tumour and not of the IHC: of the 123 TCGA patients with status
#' "Positive" and a score only 85 have 3+. So it is not taken for 3+. Nor is one plus sign taken for 1+, nor
#' "weakly positive" for anything. `read` says what such texts mean in your data. ISH: "positive", "amplified",
#' "FISH+", "not amplified", "neg", "equivocal", "group 3", `TRUE`, `FALSE` and the like; 0/1 is never guessed.
#'
#' @param ihc IHC results: numbers, text, factor, or a column labelled by haven.
#' @param ish ISH calls, as long as `ihc`, or `NULL`.
#' @param ratio,copies HER2/CEP17 ratio and average HER2 copies per cell, as long as `ihc`, or `NULL`. Text that
#'   is no number and values above 100 (signals of all cells together) are listed as not read.
#' @param guideline The year of the rules.
#' @param ultralow `NULL` for no such class, or whether IHC 0 has the faint staining: `TRUE`, `FALSE` or `NA` for
#'   each row, or one for all. Where it is `NA` the text may say "ultralow"; if not, IHC 0 is not told apart and
#'   has `NA`.
#' @param contradictory What IHC 3+ with negative ISH becomes.
#' @param read How texts of `ihc` are to be read, for example `c("+" = "1+", "Positive" = "3+")`: named by the text.
#' @param ... Not used.
#' @param x A result of `her2_classify()`.
#' @return `her2_classify()`: a factor of class `her2_class` with the levels above, which keeps its reasons when
#'   rows are taken. `her2_reasons()`: a data frame with one row a tumour: `row`, `class`, `ihc` and `ish` as
#'   read, `kind` (`"classified"`, `"equivocal"`, `"not told"`, `"missing"`, `"unread"`, `"contradiction"`),
#'   `reason`, and `unread`, the text that was not read.
#' @section Errors: `her2mod_error_input` for columns of different lengths. `her2mod_warning_contradiction` and
#'   `her2mod_warning_unread` count what is listed.
#' @references Wolff AC and others (2018). HER2 testing in breast cancer: ASCO/CAP guideline focused update. *J
#'   Clin Oncol* 36:2105. \doi{10.1200/JCO.2018.77.8738}
#'
#'   Wolff AC and others (2023). HER2 testing in breast cancer: ASCO-CAP guideline update. *J Clin Oncol*.
#'   \doi{10.1200/JCO.22.02864}
#'
#'   Wolff AC and others (2013). *J Clin Oncol* 31:3997. \doi{10.1200/JCO.2013.50.9984}
#' @seealso [her2_cohort()]
#' @examples
#' class <- her2_classify(
#'   ihc = c("3+", "IHC 2+", "2+", "(++)", "1+", "Negative", "3+"),
#'   ish = c(NA, "amplified", "FISH-", NA, NA, NA, "negative")
#' )
#' class
#' her2_reasons(class)
#' her2_classify("2+", ratio = 1.6, copies = 6.4)
#' @export
her2_classify <- function(ihc, ish = NULL, ratio = NULL, copies = NULL, guideline = c("2018", "2023", "2013"),
                          ultralow = NULL, contradictory = c("guideline", "missing"), read = NULL, ...) {
  check_no_dots(...)
  if (is.numeric(guideline)) guideline <- as.character(guideline)
  guideline <- check_option(guideline, c("2018", "2023", "2013"), "guideline")
  contradictory <- check_option(contradictory, c("guideline", "missing"), "contradictory")
  check_tumours(ihc, list(ish = ish, ratio = ratio, copies = copies))
  ultralow <- check_ultralow(ultralow, length(ihc))
  evidence <- read_tumours(ihc, ish, ratio, copies, ultralow, check_readings(read), guideline)
  cases <- case_key(evidence)
  first <- which(!duplicated(cases))
  decided <- decide_class(take_rows(evidence, first), guideline, !is.null(ultralow), contradictory)
  decided <- take_rows(decided, match(cases, cases[first]))
  result <- new_her2_class(decided$class, new_rows(
    ihc = ihc_words(evidence), ish = decided$ish, kind = decided$kind, reason = decided$reason, unread = evidence$unread
  ), !is.null(ultralow))
  warn_tumours(result)
  result
}

her2_levels <- function(ultralow) {
  c("HER2-0", if (ultralow) "HER2-ultralow", "HER2-low", "HER2-mod", "HER2 3+", "equivocal")
}

new_her2_class <- function(class, reasons, ultralow) {
  x <- factor(class, her2_levels(ultralow))
  structure(x, class = c("her2_class", "factor"), reasons = reasons)
}

check_tumours <- function(ihc, others, call = rlang::caller_env()) {
  columns <- c(list(ihc = ihc), others[!vapply(others, is.null, NA)])
  for (arg in names(columns)) {
    x <- columns[[arg]]
    logical_score <- is.logical(x) && arg != "ish" && !all(is.na(x))
    if (!(is.atomic(x) || is.factor(x)) || !is.null(dim(x)) || logical_score) {
      abort_input(c("{.arg {arg}} must be a column of results.", x = "It is {.obj_type_friendly {x}}."),
        arg = arg, call = call
      )
    }
    if (length(x) != length(ihc)) {
      abort_input(c("{.arg {arg}} must be as long as {.arg ihc}.",
        x = "It has {length(x)} values, {.arg ihc} has {length(ihc)}."
      ), arg = arg, call = call)
    }
  }
}

check_ultralow <- function(ultralow, n, call = rlang::caller_env()) {
  if (is.null(ultralow)) return(NULL)
  if (!is.logical(ultralow) || !length(ultralow) %in% c(1, n)) {
    abort_input(c("{.arg ultralow} must be TRUE, FALSE or NA, one or as many as {.arg ihc}.",
      x = "It is {.obj_type_friendly {ultralow}} of length {length(ultralow)}."
    ), arg = "ultralow", call = call)
  }
  rep_len(ultralow, n)
}

check_readings <- function(read, call = rlang::caller_env()) {
  if (is.null(read)) return(NULL)
  meant <- parse_ihc(as.character(read))$told
  if (is.null(names(read)) || any(names(read) == "") || any(meant == "unread")) {
    abort_input(c("{.arg read} must say what texts mean, for example {.code c(\"+\" = \"1+\")}.",
      x = "It has {.val {first_of(as.character(read), 4)}}, named {.val {first_of(names(read), 4)}}."
    ), arg = "read", value = read, call = call)
  }
  read
}
