written <- function(lines, ending = "csv", ...) {
  path <- tempfile(fileext = paste0(".", ending))
  con <- file(path, "wb", ...)
  writeLines(lines, con, useBytes = TRUE)
  close(con)
  path
}

test_that("commas, semicolons and tabs are told apart, and decimal commas are read", {
  wanted <- data.frame(id = c("007", "010"), her2 = c("HER2 3+", "HER2-mod"), time = c(2.5, 3), status = c(1, 0))
  expect_identical(read_patient_rows(written(c("id,her2,time,status", "007,HER2 3+,2.5,1", "010,HER2-mod,3,0"))), wanted)
  expect_identical(read_patient_rows(written(c("id;her2;time;status", "007;HER2 3+;2,5;1", "010;HER2-mod;3;0"))), wanted)
  tabs <- c("id\ther2\ttime\tstatus", "007\tHER2 3+\t2.5\t1", "010\tHER2-mod\t3\t0")
  expect_identical(read_patient_rows(written(tabs, "tsv")), wanted)
  expect_identical(read_patient_rows(written(tabs, "txt")), wanted)
  packed <- tempfile(fileext = ".csv.gz")
  con <- gzfile(packed, "w")
  writeLines(c("id,her2,time,status", "007,HER2 3+,2.5,1", "010,HER2-mod,3,0"), con)
  close(con)
  expect_identical(read_patient_rows(packed), wanted)
  expect_identical(cohort_roles(read_her2_cohort(packed))$time, "time")
})

test_that("quotes, byte order marks, Windows line ends, blanks and codings are read", {
  text <- c("\ufeffid,note,x", "1,\"a, \"\"b\"\"\",NA\r", "2, c # d ,.", "3,,4")
  rows <- read_patient_rows(written(enc2utf8(text)))
  expect_identical(names(rows), c("id", "note", "x"))
  expect_identical(rows$note, c("a, \"b\"", "c # d", NA))
  expect_identical(rows$x, c(NA, NA, 4))
  chinese <- "\u9634\u6027"
  expect_identical(read_patient_rows(written(enc2utf8(c("ihc", chinese))))$ihc, chinese)
  skip_if_not("GB18030" %in% iconvlist())
  bytes <- iconv(c("ihc", chinese), "UTF-8", "GB18030")
  expect_identical(read_patient_rows(written(bytes), encoding = "GB18030")$ihc, chinese)
  e <- expect_error(read_patient_rows(written(bytes)), "GB18030", class = "her2mod_error_data")
  expect_identical(e$rows, 2L)
  expect_error(read_patient_rows(written(bytes), encoding = "no such"), class = "her2mod_error_input")
})

test_that("text keeps what numbers would lose", {
  rows <- read_patient_rows(written(c("a,b,c,d,e", "01,1e3,12345678901234567,2+,-1.5", "10,-2,1,3+,.5")))
  expect_identical(rows$a, c("01", "10"))
  expect_identical(rows$b, c(1000, -2))
  expect_identical(rows$c, c("12345678901234567", "1"))
  expect_identical(rows$d, c("2+", "3+"))
  expect_identical(rows$e, c(-1.5, 0.5))
})

test_that("roles are given on", {
  path <- written(c("patient,class,years,event", "1,HER2 3+,2,1", "2,HER2-mod,3,0"))
  x <- read_her2_cohort(path, id = patient, her2 = "class", time = years, status = event, unit = "years")
  expect_identical(cohort_roles(x), list(id = "patient", her2 = "class", time = "years", status = "event"))
  expect_error(read_her2_cohort(path, her2 = klass), class = "her2mod_error_input")
})

test_that("what is no table, no file or of no known kind is told", {
  expect_error(read_patient_rows(tempfile()), "no such file", class = "her2mod_error_input")
  expect_error(read_patient_rows(1), class = "her2mod_error_input")
  expect_error(read_patient_rows(written("x", "pdf")), "pdf", class = "her2mod_error_input")
  expect_error(read_patient_rows(written(c("a,b", "1,2", "3,4,5"))), class = "her2mod_error_data")
  expect_error(read_patient_rows(written(c("a,b", "1,2,3", "3,4,5"))), class = "her2mod_error_data")
  expect_error(read_patient_rows(written(c("a,b,c", "1,2", "3,4"))), class = "her2mod_error_data")
  expect_identical(dim(read_patient_rows(written("a,b,c"))), c(0L, 3L))
  expect_error(read_patient_rows(written(character())), class = "her2mod_error_data")
})

test_that("Excel is read", {
  skip_if_not_installed("readxl")
  path <- readxl::readxl_example("datasets.xlsx")
  expect_equal(read_patient_rows(path, sheet = "mtcars"), datasets::mtcars, ignore_attr = TRUE)
  expect_s3_class(read_patient_rows(path, sheet = 1), "data.frame", exact = TRUE)
})

test_that("SAS, SPSS and Stata are read, with their labels", {
  skip_if_not_installed("haven")
  rows <- data.frame(
    id = c("a", "b"), her2 = haven::labelled(c(2, 1), c("HER2 3+" = 1, "HER2-mod" = 2)), time = c(1.5, 2), status = c(0, 1)
  )
  write <- list(sav = haven::write_sav, dta = haven::write_dta)
  for (ending in names(write)) {
    path <- tempfile(fileext = paste0(".", ending))
    write[[ending]](rows, path)
    x <- read_her2_cohort(path)
    expect_identical(x$her2, factor(c("HER2-mod", "HER2 3+"), c("HER2 3+", "HER2-mod")), info = ending)
    expect_identical(x$time, c(1.5, 2), info = ending)
  }
  path <- tempfile(fileext = ".xpt")
  haven::write_xpt(data.frame(USUBJID = c("1", "2"), AVAL = c(3, 4), CNSR = c(1, 0), HER2 = c("HER2 3+", "HER2-mod")), path)
  expect_identical(read_her2_cohort(path)$status, c(0L, 1L))
  sas <- system.file("examples", "iris.sas7bdat", package = "haven")
  skip_if(sas == "")
  expect_equal(read_patient_rows(sas)[[1]], datasets::iris$Sepal.Length, ignore_attr = TRUE)
})

test_that("a field too many is told wherever its row is", {
  for (row in c(2, 7, 40)) {
    lines <- c("a,b", rep("1,2", 60))
    lines[[row]] <- "3,4,5"
    expect_error(read_patient_rows(written(lines)), class = "her2mod_error_data", info = row)
    lines[[row]] <- "3,4,5,6"
    expect_error(read_patient_rows(written(lines)), class = "her2mod_error_data", info = row)
    lines[[row]] <- "3"
    expect_error(read_patient_rows(written(lines)), class = "her2mod_error_data", info = row)
  }
})

test_that("a quoted field may go over lines", {
  rows <- read_patient_rows(written(c("id,note", "1,\"first", "second\"", "2,x")))
  expect_identical(rows$note, c("first\nsecond", "x"))
})

test_that("what write.csv() makes of a logical column is logical again", {
  path <- tempfile(fileext = ".csv")
  on.exit(unlink(path))
  rows <- data.frame(id = c("a", "b", "c"), her2 = "x", time = 1:3, status = c(TRUE, FALSE, NA))
  utils::write.csv(rows, path, row.names = FALSE)
  expect_identical(read_patient_rows(path)$status, c(TRUE, FALSE, NA))
})

test_that("points that may stand for thousands are not decimals, and others are", {
  path <- tempfile(fileext = ".csv")
  writeLines(c("id;a;b;c", "1;12.500;1.5;0.125", "2;1.250;1.125;0.500"), path)
  rows <- read_patient_rows(path)
  expect_identical(rows$a, c("12.500", "1.250"))
  expect_identical(rows$b, c(1.5, 1.125))
  expect_identical(rows$c, c(0.125, 0.5))
})

test_that("files that another package cannot read are our error", {
  for (ending in c("xlsx", "xpt", "sav")) {
    skip_if_not_installed(if (ending == "xlsx") "readxl" else "haven")
    path <- tempfile(fileext = paste0(".", ending))
    writeLines("no {table}", path)
    expect_error(read_patient_rows(path), "could not read", class = "her2mod_error_data")
  }
})

test_that("a role that names no column says so, whatever else has its name", {
  rows <- data.frame(id = 1:2, her2 = c("HER2 3+", "HER2-mod"))
  expect_error(her2_cohort(rows, her2 = class), "her2 = class", class = "her2mod_error_input")
  named <- "her2"
  expect_identical(cohort_roles(her2_cohort(rows, her2 = named))$her2, "her2")
  none <- NULL
  expect_null(cohort_roles(her2_cohort(rows, id = none))$id)
  expect_error(her2_cohort(rows["id"]), "columns are", class = "her2mod_error_input")
})

test_that("dates where IHC should be are shown as dates", {
  expect_warning(her2_classify(as.Date("2020-02-01")), "2020-02-01")
})
