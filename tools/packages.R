# What tools/setup asks R. Base R only, as nothing else may be there yet.
#   Rscript tools/packages.R missing <target>...       one line a package: name, version wanted, version found
#   Rscript tools/packages.R enough <name> <version> <wanted>   exit status 0 when the version will do
#   Rscript tools/packages.R install <name>...         from CRAN, as source
#   Rscript tools/packages.R library                   the library to install into

# "cli (>= 3.4.0)" -> name and lowest version
parse_field <- function(text) {
  items <- trimws(strsplit(text, ",", fixed = TRUE)[[1]])
  items <- items[nzchar(items)]
  pattern <- "^([A-Za-z0-9.]+)\\s*(\\(\\s*>=\\s*([0-9.-]+)\\s*\\))?$"
  data.frame(
    name = sub(pattern, "\\1", items),
    wanted = ifelse(grepl("(", items, fixed = TRUE), sub(pattern, "\\3", items), "0.0"),
    stringsAsFactors = FALSE
  )
}

read_fields <- function() {
  description <- read.dcf("DESCRIPTION")[1, ]
  lapply(as.list(description), function(text) gsub("\\s+", " ", text))
}

# The packages a target needs. DESCRIPTION is the only list: Config/Needs/<target> picks from Suggests what a
# target needs of them (a target without that field gets them all); `check` needs everything.
needed <- function(targets, fields = read_fields()) {
  field <- function(name) parse_field(if (is.null(fields[[name]])) "" else fields[[name]])
  suggested <- field("Suggests")
  extra <- lapply(targets, function(target) {
    chosen <- field(paste0("Config/Needs/", target))
    # What the tools themselves call: R CMD check looks at the R code with codetools, where it is there.
    called <- parse_field(switch(target, check = "codetools", docs = "roxygen2", ""))
    rbind(called, if (target == "check" || nrow(chosen) == 0L) suggested else chosen)
  })
  all <- do.call(rbind, c(list(field("Depends"), field("Imports"), field("LinkingTo")), extra))
  # The highest version asked for anywhere, in Suggests too, counts.
  versions <- rbind(all, suggested[suggested$name %in% all$name, ])
  names <- setdiff(unique(all$name), c("R", rownames(installed.packages(priority = "base"))))
  wanted <- vapply(names, function(name) {
    as.character(max(package_version(versions$wanted[versions$name == name])))
  }, "")
  data.frame(name = names, wanted = wanted, stringsAsFactors = FALSE)
}

# packageVersion() would look at loaded namespaces too, and fails on a package that is not there.
found_version <- function(name) {
  path <- system.file("DESCRIPTION", package = name)
  if (nzchar(path)) unname(read.dcf(path, fields = "Version")[1, 1]) else "none"
}

enough <- function(found, wanted) found != "none" && package_version(found) >= package_version(wanted)

missing_packages <- function(targets) {
  packages <- needed(targets)
  packages$found <- vapply(packages$name, found_version, "")
  packages[!mapply(enough, packages$found, packages$wanted), ]
}

# The first library that can be written to. R puts R_LIBS_USER into .libPaths() only when the folder exists at
# start-up, so where there is no other, the folder is made; the next R process sees it.
writable_library <- function() {
  writable <- Filter(function(path) file.access(path, 2) == 0L, .libPaths())
  if (length(writable)) return(writable[[1]])
  user <- strsplit(Sys.getenv("R_LIBS_USER"), .Platform$path.sep, fixed = TRUE)[[1]]
  user <- path.expand(user[nzchar(user) & user != "NULL"])
  for (path in user) {
    if (dir.create(path, showWarnings = FALSE, recursive = TRUE)) {
      message("setup: made the R library ", path)
      return(path)
    }
  }
  stop("no R library can be written to: set R_LIBS_USER to a folder of yours", call. = FALSE)
}

install <- function(names) {
  library <- writable_library()
  .libPaths(c(library, .libPaths()))
  # An R that is not interactive has no mirror to ask for: take the first of R's own list, its cloud mirror.
  repos <- getOption("repos")
  if (is.null(repos) || "@CRAN@" %in% repos) chooseCRANmirror(graphics = FALSE, ind = 1L, local.only = TRUE)
  install.packages(names, lib = library, type = "source", Ncpus = 2L)
}

arguments <- commandArgs(TRUE)
rest <- arguments[-1]
switch(arguments[1],
  missing = {
    packages <- missing_packages(rest)
    cat(sprintf("%s %s %s\n", packages$name, packages$wanted, packages$found), sep = "")
  },
  enough = quit(status = if (enough(rest[2], rest[3])) 0L else 1L),
  install = install(rest),
  library = cat(writable_library(), "\n", sep = ""),
  stop("unknown command: ", arguments[1])
)
