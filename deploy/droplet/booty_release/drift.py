"""Which files that root installed differ from those of a release; the deploy key cannot change them, `setup` can."""

from __future__ import annotations

from pathlib import Path

MANIFEST = "deploy/manifest"


def drifted(release: Path) -> list[str]:
    """Return the installed paths whose content is not that of `release`; empty when it carries no manifest."""
    manifest = release / MANIFEST
    if not manifest.is_file():
        return []
    lines = manifest.read_text(encoding="utf-8", errors="replace").splitlines()
    pairs = [line.split(maxsplit=1) for line in lines if " " in line and not line.startswith("#")]
    return [target for source, target in pairs if _content(release / "deploy" / source) != _content(Path(target))]


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
