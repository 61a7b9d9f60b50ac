#!/bin/sh
# Finds or installs LaTeX, BibTeX and Biber for the tests that compile the paper list.
command -v latex >/dev/null && command -v bibtex >/dev/null && command -v biber >/dev/null && exit 0
if command -v apt-get >/dev/null; then
    [ "$(id -u)" = 0 ] || as_root="sudo -n"
    packages="texlive-latex-recommended texlive-bibtex-extra biber"
    if $as_root apt-get update -qq && $as_root apt-get install -y -qq --no-install-recommends $packages >/dev/null; then
        exit 0
    fi
fi
echo "latex, bibtex or biber is missing: the tests that compile the paper list are skipped" >&2
