#!/bin/sh
# Finds or installs Java for the test that runs the Nu HTML checker.
command -v java >/dev/null && exit 0
if command -v apt-get >/dev/null; then
    [ "$(id -u)" = 0 ] || as_root="sudo -n"
    if $as_root apt-get update -qq && $as_root apt-get install -y -qq --no-install-recommends default-jre-headless >/dev/null; then
        exit 0
    fi
fi
echo "java is missing: the test that runs the Nu HTML checker is skipped" >&2
