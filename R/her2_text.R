# HER2 results as they are written in the wild: IHC scores and ISH calls from text. What is not understood
# is never guessed. Both readers see each different text once.

# Columns as R sees them: haven's labelled values as their labels (or their values), factors as text.
plain_text <- function(x) {
  labels <- attr(x, "labels", exact = TRUE)
  # Spreadsheets make dates of "2/1".
  if (is.factor(x) || inherits(x, c("Date", "POSIXt"))) return(as.character(x))
  value <- as.character(as.vector(unclass(x)))
  if (is.null(labels)) return(value)
  # Labels of kinds of missing values are no labels of what is missing.
  labels <- labels[!is.na(as.vector(unclass(labels)))]
  named <- names(labels)[match(value, as.character(as.vector(unclass(labels))))]
  ifelse(is.na(named), value, named)
}

# What stands for an ASCII sign: full-width forms, superscripts, kinds of space, letters with accents.
ascii_forms <- c(
  "+" = "\uff0b\ufe62\u207a", "(" = "\uff08", ")" = "\uff09", ":" = "\uff1a", "/" = "\uff0f",
  "," = "\uff0c", " " = "\u3000\u00a0", "[" = "\u3010", "]" = "\u3011",
  a = "\u00e0\u00e1\u00e2\u00e4", e = "\u00e8\u00e9\u00ea\u00c9", i = "\u00ec\u00ed",
  o = "\u00f2\u00f3\u00f4\u00f6", u = "\u00fa\u00fc"
)

# Those, full-width digits and letters to ASCII; lower case; single spaces.
her2_ascii <- function(x) {
  plain <- strrep(names(ascii_forms), nchar(ascii_forms))
  x <- chartr(paste(ascii_forms, collapse = ""), paste(plain, collapse = ""), enc2utf8(as.character(x)))
  # chartr() would read a minus as a range.
  x <- gsub("[\uff0d\u2212\u2010\u2011\u2013\u2014]", "-", x)
  wide <- intToUtf8(c(0xff10:0xff19, 0xff21:0xff3a, 0xff41:0xff5a))
  x <- chartr(wide, paste(c(0:9, LETTERS, letters), collapse = ""), x)
  trimmed(gsub("\\s+", " ", tolower(x)))
}

# Codes for "no result", in text that went through her2_ascii().
no_result <- paste0(
  "^(\\[.*\\]|n/?a|nan|null|none|\\.|\\?|-+9+|9{2,}|n\\.?d\\.?|",
  "not (available|applicable|evaluated|done|performed|known|tested|reported)|",
  "unknown|missing|unbekannt|nicht (bestimmt|durchgefuhrt|bekannt)|non (eseguito|disponibile|fait|disponible)|",
  "no (disponible|realizado)|desconocido|inconnu|sconosciuto|",
  "\u672a\u505a|\u672a\u77e5|\u4e0d\u8be6|\u672a\u68c0\u6d4b|\u672a\u67e5|\u65e0)$"
)

# What surrounds a result without changing it.
ihc_filler <- paste0(
  "her[- ]?2([/ -]?neu)?[- ]*(?=[0-9a-z])|her[- ]?2([/ -]?neu)?|c?-?erb-?b-?2|\\bneu\\b|immunohistochem[a-z]*|",
  "immunhistochem[a-z]*|ihc|",
  "\\b(ihk|iqs?|score|scored|grade|staining|result|status|protein|expression|by|dako|herceptest)\\b|",
  "\u514d\u75ab\u7ec4\u5316|\u86cb\u767d|\u8868\u8fbe|\u7ed3\u679c"
)

# "3+, 90% of tumour cells"
share_of_cells <- "(?<![-0-9.])[<>]?=? ?[0-9]{1,3} ?%( ?(of )?(the )?(tumou?r )?cells)?"

# Beside a score a share of at most 10% speaks against it: the guideline's 1+ to 3+ are of more than 10% of the cells.
in_few_cells <- function(x) {
  hit <- regexpr(share_of_cells, x, perl = TRUE)
  text <- ifelse(hit > 0, substring(x, hit, hit + attr(hit, "match.length") - 1), "")
  text != "" & !grepl(">", text) & suppressWarnings(as.integer(gsub("[^0-9]", "", text))) %in% 0:10
}

her2_words <- list(
  ultralow = "ultra-? ?low",
  weak = "\\b(weak(ly)?|schwach|faible(ment)?|debole(mente)?|debil(mente)?)\\b|\u5f31(?=[\u9633\u967d])",
  strong = "\\b(strong(ly)?|stark|forte(ment|mente)?|fuerte)\\b|\u5f3a(?=[\u9633\u967d])",
  indeterminate = "\\bindetermin[a-z]*\\b|\\bnot interpretable\\b",
  equivocal = "\\b(equivoc[a-z]*|equivoque|borderline|grenzwertig)\\b",
  negative = "\\b(neg(ativ(e|o|a)?|atif|ative)?)\\b\\.?|-ve\\b|\u9634\u6027|\u9670\u6027|\u9634|\u9670",
  positive = "\\b(pos(itiv(e|o|a)?|itif|itive)?)\\b\\.?|\\+ve\\b|\u9633\u6027|\u967d\u6027"
)

# Which words each text has, and what is left of it.
take_words <- function(x, words) {
  found <- list()
  for (word in names(words)) {
    found[[word]] <- grepl(words[[word]], x, perl = TRUE)
    x <- gsub(words[[word]], " ", x, perl = TRUE)
  }
  list(found = found, rest = x)
}

# `score`: 0 to 3 or NA. `told`: what is known where there is no score ("missing", "negative", "positive",
# "equivocal", "indeterminate", "unread"). `ish`: what the text says of ISH beside the IHC. `why`: of unread.
# `read`: the user's own reading of texts, named by them.
read_ihc <- function(x, read = NULL) {
  text <- plain_text(x)
  seen <- unique(text)
  parsed <- parse_ihc(seen, read)
  take_rows(parsed, match(text, seen))
}

parse_ihc <- function(raw, read = NULL) {
  own <- match(trimmed(raw), trimmed(names(read)))
  raw[!is.na(own)] <- as.character(read)[own[!is.na(own)]]
  x <- her2_ascii(ifelse(is.na(raw), "", raw))
  # "2+/FISH+" holds two results.
  second <- regexpr("[,;/ (-]*\\b[fscd]?ish.*$", x, perl = TRUE)
  ish <- ifelse(second > 1, substring(x, second), NA_character_)
  # "Negative by FISH" is no IHC result.
  by_ish <- grepl("\\bby[ (]*(dual[- ]?(probe )?)?([fscd]?ish\\b|in[- ]situ)", x)
  of_ish <- by_ish | (second > 0 & !grepl("\\bihc\\b", x) & (second == 1 | parse_ish(ish) == "unread"))
  x <- ifelse(second > 1, substr(x, 1, second - 1), x)
  missing <- x == "" | grepl(no_result, x)
  few <- in_few_cells(x)
  x <- gsub(ihc_filler, " ", gsub(share_of_cells, " ", x, perl = TRUE), perl = TRUE)
  # "IHC not done"
  missing <- missing | grepl(no_result, trimmed(gsub("[:=]", "", x)))
  taken <- take_words(x, her2_words)
  word <- taken$found
  some <- Reduce(`|`, word)
  rest <- gsub("[][(){}:=;,.]", "", gsub("(?<=[0-3])\\.0+(?![0-9])", "", taken$rest, perl = TRUE))
  rest <- gsub("\\bplus\\b", "+", gsub("\\s+", "", rest))
  rest <- gsub("([0-3])plus", "\\1+", rest)
  # Beside a word a dash or slash only joins.
  rest <- ifelse(some, gsub("^[-/]+|[-/]+$", "", rest), rest)
  score <- rep(NA_integer_, length(x))
  digit <- grepl("^(\\+?[0-3]|[0-3]\\+)$", rest)
  score[digit] <- as.integer(gsub("\\+", "", rest[digit]))
  score[rest == "++"] <- 2L
  score[rest == "+++"] <- 3L
  few <- few & score %in% 1:3
  clash <- clashing_words(score, word) | few
  word$negative <- word$negative | (rest == "-" & !some)
  left <- !is.na(score) | rest == "" | rest == "-"
  told <- told_by_words(word, left & !clash)
  told[!is.na(score)] <- "score"
  told[clash | (of_ish & (is.na(score) | by_ish))] <- "unread"
  told[missing] <- "missing"
  score[told != "score"] <- NA
  # IHC 0 by definition, with faint staining of a few cells.
  ultralow <- word$ultralow & told %in% c("score", "unread") & (is.na(score) | score == 0) & left & !clash
  score[ultralow] <- 0L
  told[ultralow] <- "score"
  why <- why_unread(rest, word, clash, told)
  ish[of_ish & told == "unread"] <- NA
  why[of_ish & told == "unread"] <- "it speaks of ISH"
  why[few] <- "in at most 10% of the cells staining makes another score"
  new_rows(score = score, told = told, ultralow = ultralow, ish = ish, why = why, raw = raw)
}

# A score that its own words contradict.
clashing_words <- function(score, word) {
  known <- !is.na(score)
  (word$negative & word$positive) | (known & (
    (word$negative & score > 1) | (word$positive & score == 0) | (word$equivocal & score != 2) |
      (word$weak & !score %in% 1:2) | (word$strong & score != 3) | (word$ultralow & score != 0)
  ))
}

# By the guideline's words IHC 2+ is equivocal. Negative is 0 or 1+. Positive should be 3+, but is often said of a
# tumour that is positive by ISH: it is told apart from a score.
told_by_words <- function(word, readable) {
  told <- rep("unread", length(readable))
  plain <- readable & !word$weak & !word$strong
  told[plain & word$positive] <- "positive"
  told[plain & word$negative] <- "negative"
  told[plain & word$equivocal] <- "equivocal"
  told[plain & word$indeterminate] <- "indeterminate"
  told
}

why_unread <- function(rest, word, clash, told) {
  why <- rep(NA_character_, length(rest))
  unread <- told == "unread"
  why[unread] <- "could not be read"
  why[unread & rest == "+"] <- "one plus sign can mean 1+ or positive"
  why[unread & word$weak & word$positive] <- "weakly positive can mean 1+ or 2+"
  why[unread & word$strong & word$positive] <- "strongly positive does not tell the score"
  why[unread & clash] <- "its words contradict each other"
  why
}

ish_filler <- paste0(
  "her[- ]?2([/ -]?neu)?|c?-?erb-?b-?2|in[- ]situ hybridi[sz]ation|",
  "\\b(dual|single|probe|gene|status|result|by|brish|[fscd]?ish|silver)\\b|",
  "[fscd]?ish(?=[-+ ]|$)|\u57fa\u56e0|\u7ed3\u679c|\u68c0\u6d4b"
)

ish_words <- list(
  group = "\\b(asco/?cap )?group [1-5]\\b",
  indeterminate = her2_words$indeterminate,
  equivocal = her2_words$equivocal,
  not_amplified = paste0(
    "\\b(not|non|no|nicht|kein(e)?|un)[- ]?(gene )?(amplifi[a-z]*)\\b|\\bunamplified\\b|",
    "(\u672a\u89c1?|\u65e0|\u4e0d)\u6269\u589e|\u975e\u6269\u589e"
  ),
  amplified = "\\bamplifi[a-z]*\\b|\u6709?\u6269\u589e",
  negative = her2_words$negative,
  positive = her2_words$positive
)

# `call`: "positive", "negative", "equivocal", "indeterminate", "group 1" to "group 5", "missing" or "unread".
read_ish <- function(x) {
  if (is.logical(x)) x <- ifelse(x, "positive", "negative")
  text <- plain_text(x)
  seen <- unique(text)
  parsed <- new_rows(call = parse_ish(seen), raw = seen)
  take_rows(parsed, match(text, seen))
}

parse_ish <- function(raw) {
  x <- her2_ascii(ifelse(is.na(raw), "", raw))
  missing <- x == "" | grepl(no_result, x)
  group <- regmatches(x, regexpr("(?<=group )[1-5]", x, perl = TRUE))
  grouped <- grepl("\\bgroup [1-5]\\b", x)
  x <- gsub(ish_filler, " ", x, perl = TRUE)
  missing <- missing | grepl(no_result, trimmed(gsub("[:=/,;()]", "", x)))
  taken <- take_words(x, ish_words)
  word <- taken$found
  some <- Reduce(`|`, word)
  rest <- gsub("[][(){}:=;,./ ]", "", taken$rest)
  rest <- ifelse(some, gsub("^-+|-+$", "", rest), rest)
  positive <- word$amplified | word$positive | (rest == "+" & !some)
  negative <- word$not_amplified | word$negative | (rest == "-" & !some)
  call <- rep("unread", length(x))
  clear <- rest %in% c("", "+", "-") & !(some & rest != "")
  call[clear & positive] <- "positive"
  call[clear & negative] <- "negative"
  call[clear & positive & negative] <- "unread"
  # "Positive (amplified)" says it twice, "equivocal, negative" is two results.
  call[clear & word$equivocal & !positive & !negative] <- "equivocal"
  call[clear & word$indeterminate & !positive & !negative] <- "indeterminate"
  call[clear & (word$equivocal | word$indeterminate) & (positive | negative)] <- "unread"
  alone <- grouped & clear & !positive & !negative
  call[grouped] <- "unread"
  call[alone] <- paste("group", group[cumsum(grouped)[alone]])
  call[missing] <- "missing"
  call
}

# Numbers, or text that holds one; `bad` where there is something else.
read_number <- function(x, most) {
  text <- plain_text(x)
  seen <- unique(text)
  plain <- her2_ascii(ifelse(is.na(seen), "", seen))
  missing <- plain == "" | grepl(no_result, plain)
  number <- suppressWarnings(as.double(sub("^([0-9]+),([0-9]+)$", "\\1.\\2", plain)))
  bad <- !missing & (!is.finite(number) | number < 0 | number > most)
  number[bad] <- NA
  take_rows(new_rows(value = number, bad = bad, raw = seen), match(text, seen))
}
