"""Which files that root installed differ from those of a release; the deploy key cannot change them, `setup` can."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

MANIFEST = "deploy/manifest"
SYSTEMD = tuple(Path(f"/{where}/systemd/system{kind}") for where in ("etc", "run") for kind in ("", ".control"))
"""Where operators, or their tools, put what changes a unit."""
_SERVICES = ("booty@*", "booty-twin@*", "booty-candidate@*", "booty-settle@*", "booty-heal", "booty-")
DROP_INS = (*(f"{name}.service" for name in _SERVICES), "booty.socket")
THEIRS = "changes a unit of this service, and setup leaves it; if nobody needs it, remove it on the droplet"
ALL_UNITS = ("service", "socket")
"""Drop-ins of these change every unit of that type, ours as well."""


def drifted(release: Path, systemd: tuple[Path, ...] = SYSTEMD) -> list[str]:
    """Return the installed paths whose content is not that of `release`, then the drop-ins that it does not know.

    Empty when it carries no manifest.
    """
    files = _installed(release)
    differing = [str(target) for source, target in files if _content(source) != _content(target)]
    return [*differing, *drop_ins(release, systemd)]


def drop_ins(release: Path, systemd: tuple[Path, ...] = SYSTEMD) -> list[str]:
    """Return the drop-ins of our units that `release` does not know; they are somebody's, and `setup` leaves them."""
    known = {target for _, target in _installed(release)}
    patterns = [f"{unit}.d/*.conf" for unit in (*DROP_INS, *ALL_UNITS)]
    found = {path for folder in systemd for pattern in patterns for path in folder.glob(pattern)}
    return [str(path) for path in sorted(found - known)] if known else []


def notes(release: Path) -> list[str]:
    """Return what to do about each path that differs from `release`."""
    theirs = drop_ins(release)
    return [
        f"{path} {THEIRS if path in theirs else 'is not the one of this release; run: ./deploy.sh setup'}"
        for path in drifted(release)
    ]


def _installed(release: Path) -> list[tuple[Path, Path]]:
    """Return each file of `release` that root installs, with its place."""
    manifest = release / MANIFEST
    if not manifest.is_file():
        return []
    lines = manifest.read_text(encoding="utf-8", errors="replace").splitlines()
    pairs = [line.split(maxsplit=1) for line in lines if " " in line and not line.startswith("#")]
    return [file for source, target in pairs for file in _files(release / "deploy", source, target)]


def _files(deploy: Path, source: str, target: str) -> Iterator[tuple[Path, Path]]:
    """Yield each file that a line names with its place; a line whose source ends with `/` names a folder's files."""
    folder = deploy / source
    if not source.endswith("/"):
        yield folder, Path(target)
        return
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path, Path(target) / path.relative_to(folder)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
