# Everything one does with this repository, by name. Each target is one readable script in scripts/; `make help` lists them.
SHELL := bash
.DEFAULT_GOAL := help
.PHONY: help setup build demo watch test soak lint e2e shots lighthouse measure bench budget image-check

help: ## what can be made
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## */  \1\t/' | expand -t 16

setup: ## install what is missing (safe to repeat; under two seconds when nothing is)
	@scripts/setup.sh

build: setup ## build the server and the browser's files as they ship, with the demo inside
	@scripts/build.sh

demo: build ## sign in and look around: the portal with simulated institutions, on http://banyan.localhost:3000
	@scripts/demo.sh $(ARGS)

watch: setup ## rebuild and reload the demo on every change (cargo leptos watch)
	@scripts/watch.sh

test: ## everything that must hold before a change is merged, with the seconds of each step
	@scripts/test.sh

soak: build ## the long forms of the tests: a million mixed requests, more property cases
	@scripts/soak.sh

lint: setup ## format, clippy for both halves, dependency rules
	@scripts/lint.sh

e2e: build ## the browser tests alone; ARGS='smoke --project=hydrated' chooses
	@scripts/e2e.sh $(ARGS)

shots: build ## screenshots of every screen, light and dark, wide and narrow, into end2end/screenshots
	@scripts/shots.sh $(ARGS)

lighthouse: build ## Lighthouse (mobile preset) of sign-in and case list
	@scripts/lighthouse.sh $(ARGS)

measure: build ## what pages and exports cost at slow upstreams; ARGS='--cases-of banyan=150000' goes to the demo
	@scripts/measure.sh $(ARGS)

bench: build ## benchmarks: registry, and what a request costs
	@scripts/bench.sh $(ARGS)

budget: build ## size of the browser's WASM against its budget
	@scripts/wasm-budget.sh

image-check: setup ## carry out the Dockerfile's steps by hand in a clean directory
	@scripts/image-check.sh
