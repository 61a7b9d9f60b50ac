#!/bin/sh
# Finds or installs a Firefox for the tests that use the site in it: one on the PATH, or Debian's.
for name in firefox-esr firefox; do
    command -v "$name" >/dev/null && exit 0
done
if command -v apt-get >/dev/null; then
    [ "$(id -u)" = 0 ] || as_root="sudo -n"
    $as_root apt-get update -qq
    for name in firefox-esr firefox; do
        $as_root apt-get install -y -qq --no-install-recommends "$name" >/dev/null 2>&1 && exit 0
    done
fi
echo "firefox is missing: the tests that use the site in it are skipped" >&2
