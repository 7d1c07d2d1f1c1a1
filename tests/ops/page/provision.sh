#!/usr/bin/env bash
# Installs Debian's Chromium, for the tests of the page, unless there is a browser of its kind. Root or sudo; twice is the same as once.
set -euo pipefail

main() {
  local name
  for name in chromium chromium-browser google-chrome; do # tests/support/browser.py looks for these
    if command -v "$name" >/dev/null; then return; fi
  done
  [ "$(id -u)" = 0 ] || exec sudo -n "$0"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-liberation >/dev/null
}

main "$@"
