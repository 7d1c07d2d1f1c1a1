"""What `./deploy.sh setup` placed on this droplet, as far as the service's user can see it: nginx, the units."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from booty.observability.ops.doctor.check import Check, Level, worst_of

SNIPPET = "etc/nginx/snippets/booty-observability.conf"
INCLUDE = re.compile(r"^[^#\n]*\binclude\s+\S*snippets/booty-observability\.conf\s*;", re.MULTILINE)
LIMIT = re.compile(r"^[^#\n]*\bclient_max_body_size\s+(\d+)([kKmMgG]?)\s*;", re.MULTILINE)
UNITS = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3}
LARGEST_BODY = 2 * 1024**2
"""Bytes of a body that the service takes."""
SET_UP = "./deploy.sh setup, from your clone"
SOCKET, NGINX = "booty.socket", "nginx.service"
SECONDS = 10.0

Show = Callable[[Sequence[str]], str | None]
"""Returns what `systemctl` prints for these arguments, None where it does not answer."""


def is_droplet(root: Path) -> bool:
    """Return whether the machine below `root` was set up as a droplet."""
    return (root / "etc/systemd/system" / SOCKET).exists()


def systemctl(arguments: Sequence[str]) -> str | None:
    """Ask the real one."""
    try:
        done = subprocess.run(["systemctl", *arguments], capture_output=True, text=True, check=False, timeout=SECONDS)  # noqa: S603, S607 - our own words; where it lies differs
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def check_droplet(root: Path, show: Show) -> Iterator[Check]:
    """Yield the checks of the machine below `root`."""
    yield worst_of("nginx", _nginx_faults(root), otherwise="it lets bodies of 2 MiB through to the service")
    yield _units(root, show)
    yield worst_of("secrets", _bare_secrets(root), otherwise="root alone reads what is in /etc/booty")


def _bare_secrets(root: Path) -> Iterator[tuple[Level, str, str]]:
    """Yield the files of settings that every user of the machine may read."""
    for path in sorted((root / "etc/booty").glob("*.env")):
        if path.stat().st_mode & 0o077:
            name = f"/{path.relative_to(root)}"
            yield "warn", f"others than root may read {name}", f"sudo chmod 600 {name}"


def _nginx_faults(root: Path) -> Iterator[tuple[Level, str, str]]:
    try:
        snippet = (root / SNIPPET).read_text(encoding="utf-8")
        sites = [path.read_text(encoding="utf-8") for path in sorted((root / "etc/nginx/sites-enabled").iterdir())]
    except (OSError, UnicodeDecodeError) as error:
        yield "FAIL", f"its configuration cannot be read: {error}", SET_UP
        return
    if not any(INCLUDE.search(site) for site in sites):
        seen = "no enabled site includes snippets/booty-observability.conf: the webhook's path leads elsewhere"
        yield "FAIL", seen, f"add the line to the site in /etc/nginx/sites-enabled, or: {SET_UP}"
    limit = body_limit(snippet)
    if 0 < limit < LARGEST_BODY:
        seen = f"it refuses bodies of more than {limit // 1024} KiB with 413, and Sentry's may have 2 MiB"
        yield "FAIL", seen, f"client_max_body_size 2m; in /{SNIPPET}, or: {SET_UP}"


def body_limit(text: str) -> int:
    """Return how many bytes of a body nginx lets through by this configuration, 0 for any; 1 MiB is its default."""
    found = LIMIT.search(text)
    return int(found[1]) * UNITS[found[2].lower()] if found else UNITS["m"]


def _units(root: Path, show: Show) -> Check:
    try:
        sha = (root / "srv/booty/current").readlink().name
    except OSError:
        return Check("units", "FAIL", "no release is current", "./deploy.sh deploy, from your clone")
    release = (f"booty@{sha}.service", f"booty-twin@{sha}.service")
    states = {unit: _state(unit, show) for unit in (SOCKET, NGINX, *release)}
    if None in states.values():
        return Check("units", "warn", "systemctl does not answer", f"systemctl status {SOCKET}")
    return worst_of(
        "units", _idle(states, release), otherwise=f"{SOCKET}, {NGINX} and the release {sha[:12]} are active"
    )


def _idle(states: dict[str, str | None], release: tuple[str, str]) -> Iterator[tuple[Level, str, str]]:
    for unit in (SOCKET, NGINX):
        if states[unit] != "active":
            yield "FAIL", f"{unit} is {states[unit]}", f"sudo systemctl enable --now {unit}"
    if all(states[unit] not in {"active", "reloading"} for unit in release):
        then = f"sudo systemctl start booty-settle@boot  # why it ended: journalctl -u {release[0]}"
        yield "FAIL", f"{release[0]} is {states[release[0]]}", then


def _state(unit: str, show: Show) -> str | None:
    told = show(["show", "--property=ActiveState", unit])
    return told.partition("\n")[0].rpartition("=")[2].strip() or None if told is not None else None
