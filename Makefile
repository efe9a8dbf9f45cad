# `make help` lists what there is. Everything here is a thin call of swift or of a script.

SWIFT ?= swift
RECORDS ?= 1000
PRODUCTS := coordinator worker inference-simulator

# The rings of tests, by target. What is in neither list needs nothing but itself: the unit ring.
INTEGRATION := AMQPTests PostgresTests HTTPTests StoreTests LocalServicesTests DeliveringTests \
	CommandTests
END_TO_END := EndToEndTests ChaosTests

space := $(subst ,, )
ring = '^($(subst $(space),|,$(strip $(1))))\.'
run_tests = scripts/run-tests

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.PHONY: help install install-tools demo test test-unit test-integration test-e2e test-chaos test-differential \
	test-foreign fuzz bench bench-endurance bench-language bench-recovery bench-throttle build-release lint format \
	check docs services-up services-down

help: ## what you are reading
	@awk -F ':.*## ' '/^[a-z][a-z0-9-]*:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: ## install the packages that building and running need (Debian, Ubuntu; only what is missing)
	@scripts/install-dependencies

demo: install ## generate RECORDS=1000 product reviews on this machine, with a simulated model, and show a few
	@scripts/demo $(RECORDS)

test: install ## every test
	@$(run_tests)

test-unit: install ## the tests that need nothing but themselves
	@$(run_tests) --skip $(call ring,$(INTEGRATION) $(END_TO_END))

test-integration: install ## the tests against private PostgreSQL, RabbitMQ and HTTP servers
	@$(run_tests) --filter $(call ring,$(INTEGRATION))

test-e2e: install ## the tests of the real programs together
	@$(run_tests) --filter $(call ring,$(END_TO_END))

install-tools: ## ruff and sqlfluff, for the tests of validation columns, into .build/tools (needs PyPI)
	@scripts/install-tools

test-foreign: install ## every kind of column against llama.cpp's own server (needs PyPI)
	@scripts/test-foreign

test-chaos: install ## SEEDS=20 runs in which everything dies by plan (FROM=1, JOBS at a time); SEED=7 for one of them
	@TESSERA_CHAOS_SEEDS=$(or $(SEEDS),20) TESSERA_CHAOS_SEED=$(SEED) TESSERA_CHAOS_FROM=$(FROM) \
		TESSERA_CHAOS_JOBS=$(JOBS) $(run_tests) --filter '^ChaosTests\.'

test-differential: install ## the workflow language against the Python library (CASES=300, SEED=1; needs PyPI)
	@scripts/test-differential

fuzz: install ## CASES=10000000 random templates, workflow files, answers and schemas (ONLY=language, answers, ...)
	@scripts/fuzz

bench: install ## throughput, CPU by process and latencies against their figures; writes bench.json (BENCH_STRICT=1)
	@scripts/bench

bench-language: install ## rendering and loading against their figures (BENCH_STRICT=1)
	@$(SWIFT) build -c release --product tessera-language >&2
	@$$($(SWIFT) build -c release --show-bin-path)/tessera-language bench

bench-throttle: install ## the cluster's limit against its figures, beside Data Designer's controller; about 25 minutes
	@scripts/bench-throttle

bench-recovery: install ## how long throughput is gone when a worker, coordinator, broker or database is killed; about 15 minutes
	@scripts/bench recovery

bench-endurance: install ## a job whose endpoint is away for 5 minutes, a wrong key, 20 kills and 3 broker restarts; about 25 minutes
	@scripts/bench endurance

build-release: install ## the three programs, optimised, under .build/release
	@for product in $(PRODUCTS); do $(SWIFT) build -c release --product $$product || exit; done

lint: ## format and shell rules, without changing anything
	@scripts/lint

format: ## lay out the Swift files as .swift-format says
	@git ls-files -z '*.swift' ':!*.pb.swift' | xargs -0 $(SWIFT) format -i

check: lint test ## what must pass before a change is handed in

docs: ## write the parts of docs/ that come from the code
	@scripts/write-docs

services-up: install ## start a private PostgreSQL and RabbitMQ for work by hand, and print how to reach them
	@scripts/services up

services-down: ## stop them; their data stays under .tessera/by-hand
	@scripts/services down
