# `make help` lists what there is. The work is done in tools/; this file only gives it names.

OUTPUT ?= her2mod-study.html
JOBS ?= $(shell nproc 2>/dev/null || echo 2)

# Sources whose change asks for an installation of the package into build/lib.
SOURCES = $(filter-out %.o %.so,$(shell find DESCRIPTION NAMESPACE R src inst data -type f 2>/dev/null))

.PHONY: help study check test cpp docs bench proofs proofs-survival clean
.DEFAULT_GOAL := help

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' Makefile | while IFS='|' read -r name text; do printf '%-12s %s\n' "$$name" "$$text"; done

study: ## install what is missing and the package, write the study report (OUTPUT=her2mod-study.html)
	@tools/setup study
	@mkdir -p build
	@echo "her2mod: compiling and installing, some minutes; what the compiler says is in build/install.log"
	@MAKEFLAGS=-j$(JOBS) R CMD INSTALL --preclean --clean --library="$$(Rscript tools/packages.R library)" . >build/install.log 2>&1 || \
	  { tail -n 40 build/install.log; exit 1; }
	@Rscript -e 'path <- her2mod::render_study(output = commandArgs(TRUE)[1]); cat("study report: ", normalizePath(path), "\n", sep = "")' "$(OUTPUT)"

check: ## install what is missing, run every check and test; ends with "N passed, N failed"
	@tools/check

test: build/lib/.installed ## testthat only
	@rm -f build/testthat.csv
	@cd tests && R_LIBS="$(CURDIR)/build/lib:$$R_LIBS" HER2MOD_TEST_RESULTS="$(CURDIR)/build/testthat.csv" NOT_CRAN=true Rscript testthat.R

cpp: ## C++ tests only
	@$(MAKE) --no-print-directory -s -C tests/cpp -k -j $(JOBS) run

docs: ## NAMESPACE, man/ and RcppExports from the sources
	@tools/setup docs
	@Rscript -e 'Rcpp::compileAttributes(".")' -e 'roxygen2::roxygenise(".", load_code = roxygen2::load_source)'

bench: build/lib/.installed ## compare with other packages (bench/run.R)
	@tools/setup bench
	@R_LIBS="$(CURDIR)/build/lib:$$R_LIBS" Rscript --min-vsize=1500M bench/run.R

proofs: build/lib/.installed ## coverage and size by full enumeration and by simulation (proofs/*.md); about an hour and a half
	@R_LIBS="$(CURDIR)/build/lib:$$R_LIBS" Rscript proofs/coverage.R
	@R_LIBS="$(CURDIR)/build/lib:$$R_LIBS" Rscript proofs/resampling.R
	@R_LIBS="$(CURDIR)/build/lib:$$R_LIBS" Rscript proofs/effects_coverage.R
	@R_LIBS="$(CURDIR)/build/lib:$$R_LIBS" Rscript proofs/bands.R
	@R_LIBS="$(CURDIR)/build/lib:$$R_LIBS" Rscript proofs/interrupt.R
	@R_LIBS="$(CURDIR)/build/lib:$$R_LIBS" Rscript proofs/memory.R
	@R_LIBS="$(CURDIR)/build/lib:$$R_LIBS" Rscript proofs/adjusted.R
	@R_LIBS="$(CURDIR)/build/lib:$$R_LIBS" Rscript proofs/interaction.R
	@$(MAKE) --no-print-directory proofs-survival

proofs-survival: build/lib/.installed ## size of the tests of survival, coverage of its bootstrap intervals; half an hour
	@R_LIBS="$(CURDIR)/build/lib:$$R_LIBS" Rscript proofs/permutation_survival.R
	@R_LIBS="$(CURDIR)/build/lib:$$R_LIBS" Rscript proofs/survival_size.R
	@R_LIBS="$(CURDIR)/build/lib:$$R_LIBS" Rscript proofs/survival_coverage.R

clean: ## remove what the other targets made
	rm -rf build src/*.o src/*.so her2mod.Rcheck her2mod_*.tar.gz

# R's make does not see when a header changes, so a change in the C++ code compiles all of it.
build/lib/.installed: $(SOURCES)
	@mkdir -p build/lib
	@MAKEFLAGS=-j$(JOBS) R CMD INSTALL $(if $(filter src/% inst/include/% DESCRIPTION,$?),--preclean) --no-docs --library=build/lib .
	@touch $@
