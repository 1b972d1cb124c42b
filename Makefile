# The two commands of the README are `make run` and `make test`. Everything lives in .venv and var.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOME_DIR ?= var
JURISDICTION ?= 429006
CHILDREN ?= 20000
SEED ?= 1
PERIODS := 2026H1 2026H2

.PHONY: run test fast check setup setup-dev debian format handbook dictionary requirements dagster wheel clean

run: setup  ## invent a county, run both half-years, say what to open next
	@rm -rf $(HOME_DIR)/sample && $(BIN)/childindex sample --jurisdiction $(JURISDICTION) --children $(CHILDREN) \
	    --periods $(PERIODS) --seed $(SEED) --out $(HOME_DIR)/sample
	@for period in $(PERIODS); do \
	    $(BIN)/childindex run --home $(HOME_DIR) --inbox $(HOME_DIR)/sample/inbox --jurisdiction $(JURISDICTION) \
	        --period $$period || exit $$?; \
	    $(BIN)/childindex evaluate --home $(HOME_DIR) --period $$period --truth $(HOME_DIR)/sample/truth || exit $$?; \
	done
	@$(BIN)/childindex status --home $(HOME_DIR)
	@echo
	@echo "Next / 接下来:"
	@echo "  $(BIN)/childindex sql --home $(HOME_DIR) \"select period, status, sum(children) as children from mart.migrant_count group by all order by all\""
	@echo "  $(BIN)/childindex export status --home $(HOME_DIR) --period 2026H2 --out status.xlsx"
	@echo "  open $(HOME_DIR)/validation/2026H2.html in a browser / 用浏览器打开校验报告"
	@echo "  $(BIN)/childindex list --home $(HOME_DIR)    # lists as workbooks / 名单"
	@echo "  $(BIN)/childindex report make --pack half_year --home $(HOME_DIR) --period 2026H2 --out $(HOME_DIR)    # 半年统计报告"
	@echo "  $(BIN)/childindex users add --help; $(BIN)/childindex review --home $(HOME_DIR) --port 8080    # 核查网页"
	@echo "  make dagster    # lineage and launching at 127.0.0.1:3000"

test: setup-dev debian check  ## lint, types, import rules, every test
	@$(BIN)/pytest -n 2 --dist loadfile

fast: setup-dev  ## the tests that take seconds
	@$(BIN)/pytest -n 2 --dist loadfile -m "not slow and not postgresql"

check: setup-dev  ## style, types, imports, rendered pages are current
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy pipelines quality reporting stewardship connectors matching warehouse policy
	@$(BIN)/lint-imports
	@! grep -nE '://| @ ' constraints.txt || { echo "constraints.txt names a host"; exit 1; }

setup: $(VENV)/.installed
setup-dev: $(VENV)/.installed-dev

$(VENV)/.installed: pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
	    { echo "No venv module. On Debian: apt-get install python3-venv"; exit 1; }
	@echo "Installing what pyproject.toml and constraints.txt name (about a minute) / 正在安装依赖……"
	@$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

debian:  ## what the tests need from Debian: a PostgreSQL server, Java for Spark, a browser
	@if ! command -v java >/dev/null; then \
	    if [ "$$(id -u)" = 0 ]; then \
	        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq openjdk-17-jre-headless >/dev/null; \
	    else echo "The tests start Spark. Please: sudo apt-get install openjdk-17-jre-headless"; exit 1; fi; \
	fi
	@if ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then \
	    if [ "$$(id -u)" = 0 ]; then \
	        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql >/dev/null; \
	    else echo "The tests start a PostgreSQL server. Please: sudo apt-get install postgresql"; exit 1; fi; \
	fi
	@if ! command -v chromium >/dev/null; then \
	    if [ "$$(id -u)" = 0 ]; then \
	        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk >/dev/null; \
	    else echo "The tests open the review app in a browser. Please: sudo apt-get install chromium fonts-noto-cjk"; exit 1; fi; \
	fi

format: setup-dev
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

handbook: setup-dev  ## take the handbook's pictures anew, of an invented county
	@mkdir -p stewardship/static/handbook
	@HANDBOOK_PICTURES=stewardship/static/handbook $(BIN)/pytest -q -n0 tests/stewardship/test_handbook.py -k taken

dictionary: setup  ## render docs/dictionary.md from the table specs
	@$(BIN)/python -m warehouse.dictionary

requirements: setup  ## render docs/requirements.md: what the notices ask for and what answers it
	@$(BIN)/python -m pipelines.requirements

dagster: setup  ## Dagster's own pages over the home folder, on loopback
	@DAGSTER_HOME=$(abspath $(HOME_DIR))/dagster CHILDINDEX_HOME=$(abspath $(HOME_DIR)) \
	    $(BIN)/dagster dev -w workspace.yaml -h 127.0.0.1 -p 3000

wheel: setup-dev
	@$(BIN)/pip install --quiet -c constraints.txt build && $(BIN)/python -m build --wheel --outdir dist .

clean:
	@rm -rf var build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

.PHONY: bench bench-scale setup-bench
setup-bench: setup-dev
	@$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'

bench: setup-bench  ## ours beside Splink, recordlinkage and exact matching, figures and plots in benchmarks/: minutes
	@$(BIN)/python -m benchmarks.peers

bench-scale: setup-bench  ## time and memory at 0.3, 1, 3 and 10 million entries, peers to 1 million: an hour or two
	@$(BIN)/python -m benchmarks.peers.scale
