# The rules of her2_classify(): from what was read to ISH positive or negative, and to a class.

# One row a tumour: `score` and `told` of IHC, the states of ISH by its sources, `unread`.
read_tumours <- function(ihc, ish, ratio, copies, ultralow, read, guideline) {
  n <- length(ihc)
  none <- rep("missing", n)
  protein <- read_ihc(ihc, read)
  called <- if (is.null(ish)) new_rows(call = none, raw = rep(NA_character_, n)) else read_ish(ish)
  beside <- if (all(is.na(protein$ish))) none else read_ish(protein$ish)$call
  nothing <- new_rows(value = rep(NA_real_, n), bad = rep(FALSE, n), raw = rep(NA_character_, n))
  ratio <- if (is.null(ratio)) nothing else read_number(ratio, 100)
  copies <- if (is.null(copies)) nothing else read_number(copies, 100)
  # "Equivocal" is IHC 2+.
  two <- protein$told == "equivocal"
  protein$score[two] <- 2L
  protein$told[two] <- "score"
  new_rows(
    score = protein$score, told = protein$told,
    faint = if (is.null(ultralow)) rep(FALSE, n) else ultralow | (protein$ultralow %in% TRUE),
    called = called$call, beside = beside, counted = counted_state(ratio$value, copies$value, guideline),
    groups = possible_groups(ratio, copies),
    unread = unread_texts(protein, called, beside, ratio, copies)
  )
}

# What ratio and copies say: an ISH group, or a call by the single-probe rules.
counted_state <- function(ratio, copies, guideline) {
  state <- rep("missing", length(ratio))
  both <- !is.na(ratio) & !is.na(copies)
  group <- ifelse(ratio >= 2, ifelse(copies >= 4, 1, 2), ifelse(copies >= 6, 3, ifelse(copies >= 4, 4, 5)))
  state[both] <- paste("group", group[both])
  single <- is.na(ratio) & !is.na(copies)
  state[single] <- ifelse(copies >= 6, "copies positive", ifelse(copies < 4, "copies negative", "copies equivocal"))[single]
  alone <- !is.na(ratio) & is.na(copies)
  state[alone] <- ifelse(ratio >= 2 & guideline == "2013", "ratio positive", "ratio unsettled")[alone]
  state
}

# The ISH groups that are possible where the ratio or the copies were not read and the other one was; else "".
possible_groups <- function(ratio, copies) {
  groups <- rep("", length(ratio$value))
  of_copies <- ifelse(copies$value >= 6, "1 3", ifelse(copies$value >= 4, "1 4", "2 5"))
  of_ratio <- ifelse(ratio$value >= 2, "1 2", "3 4 5")
  by_copies <- ratio$bad & !is.na(copies$value)
  by_ratio <- copies$bad & !is.na(ratio$value)
  groups[by_copies] <- of_copies[by_copies]
  groups[by_ratio] <- of_ratio[by_ratio]
  groups
}

unread_texts <- function(protein, called, beside, ratio, copies) {
  quoted <- function(what, raw, why = "not read") paste0(what, " \"", raw, "\": ", why)
  parts <- list(
    ifelse(protein$told == "unread", quoted("IHC", protein$raw, protein$why), NA),
    ifelse(called$call == "unread", quoted("ISH", called$raw), NA),
    ifelse(beside == "unread", quoted("ISH", trimmed(protein$ish)), NA),
    ifelse(ratio$bad, quoted("ratio", ratio$raw, "no number from 0 to 100"), NA),
    ifelse(copies$bad, quoted("copies", copies$raw, "no number from 0 to 100"), NA)
  )
  Reduce(function(a, b) ifelse(is.na(a), b, ifelse(is.na(b), a, paste(a, b, sep = "; "))), parts)
}

case_key <- function(e) paste(e$score, e$told, e$faint, e$called, e$beside, e$counted, e$groups, !is.na(e$unread), sep = "|")

# positive, negative, equivocal, unsettled, indeterminate, unread or missing, by one source of ISH.
ish_verdict <- function(state, score, guideline) {
  verdict <- sub("^(copies|ratio) ", "", state)
  old <- guideline == "2013"
  group <- suppressWarnings(as.integer(sub("^group ", "", state)))
  at <- function(k) group %in% k
  verdict[at(1)] <- "positive"
  verdict[at(5)] <- "negative"
  if (old) {
    verdict[at(2:3)] <- "positive"
    verdict[at(4)] <- "equivocal"
    return(verdict)
  }
  verdict[at(2:4)] <- "unsettled"
  known <- !is.na(score)
  verdict[at(c(2, 4)) & known] <- "negative"
  verdict[at(3) & known] <- ifelse(score >= 2, "positive", "negative")[at(3) & known]
  verdict[at(2:4) & score %in% 3] <- "positive"
  # Between the limits of a single probe IHC decides.
  between <- verdict == "equivocal"
  verdict[between & score %in% 3] <- "positive"
  verdict[between & score %in% 0:1] <- "negative"
  verdict
}

# All sources together; "conflict" where they disagree.
joint_verdict <- function(e, guideline) {
  each <- lapply(e[c("called", "beside", "counted")], ish_verdict, score = e$score, guideline = guideline)
  any_of <- function(verdict) Reduce(`|`, lapply(each, `==`, verdict))
  joint <- rep("missing", length(e$score))
  weakest_first <- c("unread", "indeterminate", "unsettled", "equivocal", "negative", "positive")
  for (verdict in weakest_first) joint[any_of(verdict)] <- verdict
  joint[any_of("positive") & any_of("negative")] <- "conflict"
  joint
}

# Where an ISH result was not read beside one that was, and the class depends on what it says. IHC 3+ does not.
left_open <- function(e, guideline, ...) {
  says <- function(call) !call %in% c("missing", "unread", "indeterminate")
  some <- says(e$called) | says(e$beside) | e$counted != "missing"
  lost <- e$called == "unread" | e$beside == "unread" | e$groups != ""
  open <- e$told == "score" & e$score %in% 0:2 & some & lost
  open[open] <- vapply(which(open), function(row) {
    could <- could_be(take_rows(e, row))
    length(unique(class_of(could, joint_verdict(could, guideline), ...)$class)) > 1
  }, NA)
  open
}

# One case with all that its unread results could say.
could_be <- function(e) {
  calls <- c("positive", "negative")
  options <- expand.grid(
    called = if (e$called == "unread") calls else e$called, beside = if (e$beside == "unread") calls else e$beside,
    counted = if (e$groups == "") e$counted else paste("group", strsplit(e$groups, " ")[[1]]), stringsAsFactors = FALSE
  )
  could <- take_rows(e, rep(1L, nrow(options)))
  could[names(options)] <- options
  could
}

ihc_words <- function(e) {
  scores <- c("0", "1+", "2+", "3+")
  ifelse(e$told == "score", scores[e$score + 1L], e$told)
}

group_words <- c(
  "group 1" = "ratio >= 2.0, copies >= 4.0", "group 2" = "ratio >= 2.0, copies < 4.0",
  "group 3" = "ratio < 2.0, copies >= 6.0",
  "group 4" = "ratio < 2.0, copies >= 4.0 and < 6.0", "group 5" = "ratio < 2.0, copies < 4.0"
)

# In words where an ISH verdict comes from.
ish_source <- function(e, verdict, guideline) {
  state <- ifelse(e$counted != "missing", e$counted, ifelse(startsWith(e$called, "group"), e$called, ""))
  grouped <- state %in% names(group_words)
  words <- ifelse(grouped, paste0(state, ": ", group_words[state]), "")
  again <- guideline != "2013" & e$score %in% 2 & state %in% paste("group", 2:4)
  words[again] <- paste0(words[again], ", taken as recounted")
  words[startsWith(state, "copies")] <- "single probe, by copies"
  words[startsWith(state, "ratio")] <- "by ratio alone"
  called <- e$called %in% c("positive", "negative", "equivocal", "indeterminate")
  words[called] <- paste0("called ", e$called, ifelse(words == "", "", "; "), words)[called]
  open <- verdict == "open"
  words[open] <- unread_words(e)[open]
  words <- ifelse(words == "" & !e$beside %in% c("missing", "unread"), "told beside the IHC", words)
  shown <- c(
    positive = "ISH positive", negative = "ISH negative", equivocal = "ISH equivocal", unsettled = "ISH not settled",
    indeterminate = "ISH indeterminate", unread = "ISH not read", missing = "no ISH", conflict = "ISH results that disagree",
    open = "ISH not settled"
  )[verdict]
  unname(ifelse(words == "" | verdict %in% c("missing", "unread"), shown, paste0(shown, " (", words, ")")))
}

# The class where it can be told, and whether the results contradict each other.
class_of <- function(e, ish, ultralow, contradictory) {
  score <- ifelse(e$told == "score", e$score, NA)
  contradiction <- ish == "conflict" | (score %in% 3 & ish == "negative") | (e$told == "positive" & ish == "negative") |
    ((score %in% 0:1 | e$told == "negative") & ish == "positive")
  class <- class_by_score(score, ish, if (ultralow) e$faint else rep(FALSE, length(score)))
  class[contradiction & !(score %in% 3 & contradictory == "guideline")] <- NA
  list(class = class, contradiction = contradiction)
}

# Which ISH results were not read.
unread_words <- function(e) {
  counted <- ifelse(grepl("^copies", e$counted), "ratio", "copies")
  paste0(
    ifelse(e$groups == "", "", paste0(counted, " not read: group ", gsub(" ", " or ", e$groups))),
    ifelse(e$groups != "" & (e$called == "unread" | e$beside == "unread"), "; ", ""),
    ifelse(e$called == "unread" | e$beside == "unread", "a text not read", "")
  )
}

# Class, kind and reason of each case.
decide_class <- function(e, guideline, ultralow, contradictory) {
  ish <- joint_verdict(e, guideline)
  ish[left_open(e, guideline, ultralow, contradictory)] <- "open"
  score <- ifelse(e$told == "score", e$score, NA)
  told <- class_of(e, ish, ultralow, contradictory)
  class <- told$class
  contradiction <- told$contradiction
  # IHC 0 that may be ultralow.
  split <- is.na(class) & score %in% 0 & !contradiction
  kind <- ifelse(class %in% "equivocal", "equivocal", "classified")
  kind[is.na(score)] <- "missing"
  kind[split | e$told %in% c("negative", "positive")] <- "not told"
  kind[e$told == "unread"] <- "unread"
  kind[contradiction] <- "contradiction"
  # ISH goes unsaid where IHC needs none and it says nothing.
  silent <- score %in% c(0, 1, 3) & ish %in% c("missing", "unread", "indeterminate", "unsettled")
  reason <- paste0(
    ihc_reason(e), ifelse(silent, "", paste0(", ", ish_source(e, ish, guideline))),
    consequence(e, score, ish, class, contradiction, split)
  )
  new_rows(class = class, kind = kind, reason = reason, ish = ifelse(ish == "open", "unsettled", ish))
}

# Before contradictions are looked for.
class_by_score <- function(score, ish, faint) {
  class <- rep(NA_character_, length(score))
  class[score %in% 0] <- ifelse(faint, "HER2-ultralow", "HER2-0")[score %in% 0]
  class[score %in% 1] <- "HER2-low"
  class[score %in% 0:1 & ish %in% c("equivocal", "open")] <- "equivocal"
  class[score %in% 2] <- "equivocal"
  class[score %in% 2 & ish == "positive"] <- "HER2-mod"
  class[score %in% 2 & ish == "negative"] <- "HER2-low"
  class[score %in% 3] <- "HER2 3+"
  class
}

ihc_reason <- function(e) {
  words <- paste("IHC", ihc_words(e))
  words[e$told == "unread"] <- "IHC not read"
  words
}

# What follows where the reason does not show it.
consequence <- function(e, score, ish, class, contradiction, split) {
  unknown <- e$told %in% c("missing", "unread", "indeterminate")
  low <- score %in% 0:1 | e$told == "negative"
  cases <- list(
    "the results disagree" = contradiction & is.na(class),
    "HER2-positive by ISH, neither HER2-low nor HER2-mod" = low & ish == "positive",
    "positive by IHC; the results disagree" = contradiction & score %in% 3 & !is.na(class),
    "0 or 1+ is not told, so HER2-0 or HER2-low" = e$told == "negative" & !contradiction,
    "the score is not told, so HER2 3+ or HER2-mod" = e$told == "positive" & !contradiction,
    "HER2-positive, but HER2-mod or HER2 3+ is not told" = unknown & ish == "positive",
    "HER2-negative, but no class without the IHC score" = unknown & ish == "negative",
    "staining is not told, so HER2-0 or HER2-ultralow" = split,
    "what was not read could change the class" = ish == "open",
    "another test is needed" = score %in% 0:1 & ish == "equivocal"
  )
  text <- rep("", length(score))
  for (what in names(cases)) text[cases[[what]]] <- paste0(": ", what)
  text
}
