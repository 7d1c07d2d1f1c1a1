#!/usr/bin/env bash
# Installs on this machine what the throw-away droplet is made of: Debian packages, nothing else. Root or sudo; twice is the same as once.
set -euo pipefail

PACKAGES=(openssh-server sudo nginx systemd dbus libpam-systemd python3-venv iproute2 curl)

main() {
  [ "$(id -u)" = 0 ] || exec sudo -n "$0"
  local missing=() package
  for package in "${PACKAGES[@]}"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ "${#missing[@]}" -gt 0 ] || return 0
  echo "installing ${missing[*]}"
  apt-get update -qq
  # a policy that forbids every start: the packages are for the box, this machine's own services stay as they are
  local policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
  fi
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

main "$@"
