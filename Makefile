# make firmware   sets up what is missing and builds the STM32F405 image: of a network that is made already, or,
#                 with CORPUS=path/to/recordings, of one that is trained on these
# make test       sets up everything that is missing and runs the checks and the tests

PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3)
VENV   := .venv
BIN    := $(VENV)/bin
TARGET ?= stm32
BUILD  ?=
CORPUS ?=
CHECKPOINT ?= emodb

# Debian's package for each command that has to be there; the tests need some more.
TOOLS := gcc:gcc arm-none-eabi-gcc:gcc-arm-none-eabi qemu-system-arm:qemu-system-arm
LIBRARIES := libc6-dev libnewlib-arm-none-eabi
test test-slow: TOOLS += g++:g++ clang:clang ld.lld:lld llvm-ar:llvm cmake:cmake ninja:ninja-build

.PHONY: help firmware test test-slow lint bench evidence checkpoints lock clean setup tools
.DEFAULT_GOAL := help

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile
	@echo 'make test-slow  whole-corpus and whole-build tests'
	@echo 'make bench      sizes, instructions and exactness of the README, into benchmarks/*.json'
	@echo 'make evidence   accuracies, into results/accuracy.json and the tables of the docs (hours; resumes)'
	@echo 'make checkpoints  the networks of checkpoints/ and their accuracies, from emodb and ravdess (an hour)'
	@echo 'make lint       ruff and mypy'
	@echo 'make lock       resolve requirements.lock and requirements-firmware.lock again'
	@echo 'make clean      remove builds and the virtual environment'

ifeq ($(CORPUS),)
# Training's packages are a gigabyte that this does without; where they are there already, they stay.
firmware: tools $(if $(wildcard $(VENV)/.installed),$(VENV)/.installed,$(VENV)/.firmware)
	$(BIN)/sertool build --target $(TARGET) --checkpoint $(CHECKPOINT) $(BUILD)
else
firmware: setup
	$(BIN)/sertool build --target $(TARGET) --corpus $(CORPUS) $(BUILD)
endif

# The folders that take longest come first; by the number of tests they would come last, and one core wait.
PYTEST := $(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder --durations 40
test: lint
	$(PYTEST)

test-slow: setup
	$(PYTEST) -m slow

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: setup
	@failed=; \
	for name in frontend following kernels build allocation; do \
	  $(BIN)/python benchmarks/$$name.py || failed="$$failed $$name"; \
	done; \
	$(BIN)/python benchmarks/tables.py || failed="$$failed tables"; \
	[ -z "$$failed" ] || { echo "failed:$$failed" >&2; exit 1; }

evidence: setup
	$(BIN)/python benchmarks/evidence.py
	$(BIN)/python benchmarks/tables.py

# A network for each corpus, figures of others made in the same way, and the folder of both: 24 KB at most.
RECIPE = --corpus $* --target stm32 --preset prosody --hidden 144 --bits 1,4
FIGURES = build/checkpoints/$*-$(1)/stm32/evaluation/evaluation.json
checkpoints: checkpoint-emodb checkpoint-ravdess
checkpoint-%: setup
	$(BIN)/sertool build $(RECIPE) --output build/checkpoints/$*
	$(BIN)/sertool evaluate $(RECIPE) --protocol speaker --seeds 1 --output build/checkpoints/$*-speaker
	$(BIN)/sertool evaluate $(RECIPE) --protocol random10 --seeds 3 --output build/checkpoints/$*-random10
	$(BIN)/sertool checkpoint export build/checkpoints/$*/stm32 --name $* \
	  --evaluation $(call FIGURES,speaker) --evaluation $(call FIGURES,random10)

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

$(VENV)/.firmware: requirements-firmware.lock pyproject.toml | tools
	test -x $(BIN)/python || $(or $(PYTHON),python3) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-firmware.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

LOCK = $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
  --no-header --no-annotate --quiet
lock:
	$(BIN)/python -m pip install --quiet uv
	$(LOCK) --extra dev --output-file requirements.lock
	$(LOCK) --extra firmware --constraint requirements.lock --output-file requirements-firmware.lock

clean:
	rm -rf build dist $(VENV)
