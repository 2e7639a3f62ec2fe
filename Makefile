# make firmware   sets up everything that is missing and builds the STM32F405 image
# make test       sets up everything that is missing and runs the checks and the tests

PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3)
VENV   := .venv
BIN    := $(VENV)/bin
TARGET ?= stm32
BUILD  ?=

# Debian's package for each command that has to be there; the tests need two more.
TOOLS := gcc:gcc arm-none-eabi-gcc:gcc-arm-none-eabi qemu-system-arm:qemu-system-arm
LIBRARIES := libc6-dev libnewlib-arm-none-eabi
test test-slow: TOOLS += clang:clang cmake:cmake

.PHONY: help firmware test test-slow lint bench evidence lock clean setup tools
.DEFAULT_GOAL := help

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile
	@echo 'make test-slow  whole-corpus and whole-build tests'
	@echo 'make bench      sizes, instructions and exactness of the README, into benchmarks/*.json'
	@echo 'make evidence   accuracies, into results/accuracy.json and the tables of the docs (hours; resumes)'
	@echo 'make lint       ruff and mypy'
	@echo 'make lock       resolve requirements.lock again'
	@echo 'make clean      remove builds and the virtual environment'

firmware: setup
	$(BIN)/sertool build --target $(TARGET) $(BUILD)

test: lint
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --durations 40

test-slow: setup
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --durations 40 -m slow

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: setup
	@failed=; \
	for name in frontend kernels build allocation; do \
	  $(BIN)/python benchmarks/$$name.py || failed="$$failed $$name"; \
	done; \
	[ -z "$$failed" ] || { echo "failed:$$failed" >&2; exit 1; }

evidence: setup
	$(BIN)/python benchmarks/evidence.py
	$(BIN)/python benchmarks/tables.py

setup: tools $(VENV)/.installed

# Installs what is missing where it may; elsewhere says exactly what to type.
tools:
	@missing=; \
	for entry in $(TOOLS); do command -v $${entry%%:*} >/dev/null || missing="$$missing $${entry##*:}"; done; \
	[ -n "$(PYTHON)" ] && "$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || [ -x $(BIN)/python ] \
	  || missing="$$missing python3 python3-venv"; \
	[ -e "$$(arm-none-eabi-gcc -print-file-name=libc.a 2>/dev/null)" ] || missing="$$missing libnewlib-arm-none-eabi"; \
	[ -n "$$missing" ] || exit 0; \
	missing="$$missing $(LIBRARIES)"; \
	if ! command -v apt-get >/dev/null; then \
	  echo "missing on this machine:$$missing (Debian's names); install them and run make again" >&2; exit 1; fi; \
	if [ "$$(id -u)" = 0 ]; then sudo=; \
	elif sudo -n true 2>/dev/null; then sudo='sudo -n'; \
	else echo "some tools are missing; type:" >&2; echo "  sudo apt-get install --no-install-recommends$$missing" >&2; exit 1; fi; \
	echo "installing:$$missing"; \
	$$sudo apt-get update -qq && \
	$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null

$(VENV)/.installed: requirements.lock pyproject.toml | tools
	test -x $(BIN)/python || $(or $(PYTHON),python3) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

lock:
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --quiet --output-file requirements.lock

clean:
	rm -rf build dist $(VENV)
