#!/bin/sh
# Finds or installs a Chromium for the browser tests: one on the PATH, Debian's, or Playwright's.
for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && apt-get install -y -qq chromium >/dev/null && exit 0
fi
python -m playwright install chromium && exit 0
echo "make test needs Chromium: install the package chromium, or run" >&2
echo "  .venv/bin/python -m playwright install chromium" >&2
exit 1
