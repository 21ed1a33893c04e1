# Frontdesk: the commands people type. `make help` lists them.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
MAKEFLAGS += --no-builtin-rules

# The Cargo profile of `build` and `fuzz-api`. `make run` takes `dev`, which compiles several times faster; for the full
# speed: make run PROFILE=release
PROFILE ?= release
TARGET_DIR := $(or $(CARGO_TARGET_DIR),target)
BINARY = $(TARGET_DIR)/$(if $(filter dev,$(PROFILE)),debug,$(PROFILE))/frontdesk
DEBUG_BINARY = $(TARGET_DIR)/debug/frontdesk
WEB_STAMP := $(TARGET_DIR)/web.stamp
WEB_SOURCES := $(shell find web -type d \( -name node_modules -o -name dist -o -name test-results -o -name e2e \) -prune -o -type f -print)
XTASK := cargo run --quiet --package xtask --
# The inputs of property tests are the same in every ordinary run; `make properties` looks for others.
export PROPTEST_RNG_SEED ?= 1
# Options of `frontdesk serve`, for example: make run SERVE='--listen 0.0.0.0:8080'
SERVE ?=

step = @printf '\n==> %s\n' '$(1)'

.PHONY: help
help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-22s %s\n", $$1, $$2 }' Makefile

.PHONY: build
build: web-build ## Build the binary with the web pages in it (cold: minutes; again: seconds)
	$(call step,Building frontdesk ($(PROFILE)); the first time takes several minutes)
	cargo build --profile $(PROFILE) --package frontdesk

.PHONY: run
run: PROFILE := dev
run: tools-run build ## Build what is missing and serve the demo on http://127.0.0.1:8080
	$(call step,Serving the demo on http://127.0.0.1:8080 (Ctrl-C stops it))
	exec $(BINARY) serve --demo $(SERVE)

.PHONY: test
test: tools lint test-web test-rust test-browser ## Run every test
	$(call step,Everything passed)

.PHONY: test-without-browser
test-without-browser: tools-run lint test-web test-rust ## Run every test that needs no Chromium

.PHONY: check
check: tools-run lint test-web-types ## Formatting, lints, repository rules and types, without running tests

.PHONY: bench
bench: tools web-build ## Run every benchmark; writes target/bench/results.json and prints a table
	$(call step,Building the release binary)
	cargo build --release --package frontdesk --package xtask
	$(call step,Measuring (leave the machine alone for a few minutes))
	ulimit -n "$$(ulimit -Hn)" && cargo run --quiet --release --package xtask -- bench $(BENCH)

.PHONY: fault
fault: tools-run web-build ## Ten thousand messages through power cuts and failing vendors; prints what became of them
	$(call step,Building)
	cargo test --quiet --package frontdesk --test it --no-run
	$(call step,The storm (ten minutes or more))
	cargo test --quiet --package frontdesk --test it message_storm -- --ignored --nocapture --test-threads 1

.PHONY: properties
properties: tools-run web-build ## Try the property tests again and again with new inputs: ROUNDS=100 (20)
	$(call step,Property tests)
	scripts/properties

.PHONY: fuzz-api
fuzz-api: tools build ## Throw generated requests at every operation of the API
	$(call step,Fuzzing the API)
	.venv/bin/python scripts/fuzz-api $(BINARY)

.PHONY: gen
gen: tools-run web-build ## Write openapi.json and the TypeScript client anew
	$(XTASK) gen

# --- Parts ------------------------------------------------------------------------------------------------------------

.PHONY: tools
tools:
	@scripts/bootstrap

.PHONY: tools-run
tools-run:
	@scripts/bootstrap --run

.PHONY: web-build
web-build: $(WEB_STAMP)

$(WEB_STAMP): $(WEB_SOURCES) $(wildcard openapi.json)
	$(call step,Building the web pages)
	@scripts/bootstrap --run
	if [ -f openapi.json ]; then npm --prefix web run --silent generate; fi
	npm --prefix web run --silent build
	@mkdir -p $(TARGET_DIR) && touch $@

.PHONY: lint
lint: web-build
	$(call step,Formatting)
	cargo fmt --all --check
	$(call step,Clippy)
	cargo clippy --workspace --all-targets --quiet -- --deny warnings
	$(call step,Repository rules)
	$(XTASK) check
	@if command -v cargo-deny >/dev/null; then cargo deny --offline check bans licenses sources; \
	else echo 'cargo-deny is not installed: licences of dependencies were not checked'; fi
	$(call step,Generated files)
	$(XTASK) gen --check
	$(call step,Web lint)
	npm --prefix web run --silent lint

.PHONY: test-web-types
test-web-types: web-build
	$(call step,Web types)
	npm --prefix web run --silent typecheck

.PHONY: test-web
test-web: test-web-types
	$(call step,Web unit tests)
	npm --prefix web run --silent test

.PHONY: test-rust
test-rust: web-build
	$(call step,Rust tests)
	if command -v cargo-nextest >/dev/null; then cargo nextest run --workspace --no-fail-fast; \
	else cargo test --workspace --no-fail-fast; fi

.PHONY: test-browser
test-browser: web-build
	$(call step,Browser tests)
	cargo build --quiet --package frontdesk
	npm --prefix web run --silent browser
	FRONTDESK_BIN="$(abspath $(DEBUG_BINARY))" npm --prefix web run --silent e2e
