# make site    everything, from a fresh clone to site/
# make offline  activation-functions.zip, the site for a browser without a network
# make serve   the site on http://127.0.0.1:8000/, rebuilt as you edit
# make test    lint, types and every test but the long ones
# make test-long  the tests that take minutes: every page in every scheme, thousands of slips
# make reproduce  build two clones, at other times and on other numbers of cores: the same bytes?
# make links   ask every address in the bibliography whether it is still there (needs a network)
# make bench   measure how fast pages load and are built, now and with 10 times the entries (half an
#              hour); PART=reading for a part
# make measure note the facts and measure rounding errors and depth of what changed; ENTRY=elu of it
# make measure-exhaustive  errors at every float32 of a window, of what changed; ENTRY=elu of it
# make measure-torch   ask every torch version for "What changed in torch" (half an hour)
# make measure-frameworks  run in other frameworks the code of what changed; ENTRY=elu of it;
# make measure-models  ask transformers and timm for "Which models use which activation" (minutes)
# make lock    write constraints.txt, the version of every Python package (needs a network)
# make audit   ask whether a package that is used has a known weakness (needs a network)
# Each sets up what it needs in .venv, and again only when a requirement changed.

PYTHON ?= python3
BIN := .venv/bin
export NO_MKDOCS_2_WARNING := 1
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: site serve test test-long reproduce offline links bench measure measure-exhaustive \
	measure-torch measure-frameworks measure-models lock audit clean

site: .venv/.site
	$(BIN)/python -m gen.site

serve: .venv/.site
	$(BIN)/mkdocs serve

test: .venv/.test
	sh tests/install_browser.sh
	sh tests/install_tex.sh
	sh tests/install_java.sh
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal -m "not long"

test-long: .venv/.test
	sh tests/install_browser.sh
	sh tests/install_tex.sh
	sh tests/install_java.sh
	sh tests/install_firefox.sh
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal -m long

reproduce: .venv/.test
	$(BIN)/python tests/reproduce.py

offline: .venv/.site
	rm -rf .site-offline
	OFFLINE=true $(BIN)/mkdocs build --site-dir .site-offline
	$(BIN)/python -m gen.site.offline .site-offline activation-functions.zip
	rm -rf .site-offline

links: site .venv/.test
	$(BIN)/linkchecker --config tests/links.ini site/bibliography/index.html

bench: site .venv/.test
	sh tests/install_browser.sh
	PYTHONPATH=tests $(BIN)/python -m bench $(PART)

measure: .venv/.site
	$(BIN)/python -m gen.measure $(ENTRY)

measure-exhaustive: .venv/.site
	$(BIN)/python -m gen.measure.exhaustive $(ENTRY)

measure-torch: .venv/.site
	$(BIN)/python -m gen.measure.torch_versions

measure-frameworks: .venv/.site
	$(BIN)/python -m gen.measure.frameworks $(ENTRY)

measure-models: .venv/.site
	$(BIN)/python -m gen.measure.models

lock: .venv/.upkeep
	cat requirements.txt tests/requirements.txt | grep -v '^-c' | $(BIN)/uv pip compile --quiet \
		--universal --python-version 3.11.5 --no-annotate --custom-compile-command 'make lock' \
		--output-file constraints.txt -

audit: .venv/.upkeep
	$(BIN)/pip-audit --requirement constraints.txt --no-deps --disable-pip --strict
	$(BIN)/npm audit
	cd tests/bench && ../../$(BIN)/npm audit

clean:
	rm -rf .cache docs/generated site .site-new .site-offline activation-functions.zip bench.json

.venv/.site: requirements.txt constraints.txt
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11.5 or newer is needed" if sys.version_info < (3, 11, 5) else 0)'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	touch $@

.venv/.test: .venv/.site tests/requirements.txt
	$(BIN)/python -m pip install --quiet --requirement tests/requirements.txt
	touch $@

.venv/.upkeep: .venv/.site tests/upkeep.txt
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --requirement tests/upkeep.txt
	touch $@
