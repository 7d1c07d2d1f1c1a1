"""Whether the service would file issues with these settings."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from importlib.machinery import PathFinder
from pathlib import Path

from booty.observability.config.settings import Settings
from booty.observability.config_errors import InvalidSettings
from booty.observability.ops.doctor.check import Check, Level, worst_of

NAME = "settings"


def check_settings(environ: Mapping[str, str]) -> tuple[Check, Settings | None]:
    """Return the check, with the settings where they are right; the state directory has a check of its own."""
    try:
        settings = Settings.load(environ, is_directory_tried=False)
    except InvalidSettings as error:
        found: list[tuple[Level, str, str]] = [
            ("FAIL", f"{fault.name} {fault.problem}", f"{fault.name}: {fault.remedy}") for fault in error.faults
        ]
        return worst_of(NAME, found, otherwise=""), None
    told = f"alerts from {settings.min_severity.value} on become issues of {settings.repository}"
    return worst_of(NAME, _oddities(settings), otherwise=told), settings


def _oddities(settings: Settings) -> Iterator[tuple[Level, str, str]]:
    if settings.candidate:
        yield "FAIL", "BOOTY_CANDIDATE is set: alerts are stored, but nothing is filed", "remove BOOTY_CANDIDATE"
    if (module := _missing_module(settings.app)) is not None:
        then = "install it, or run this in the service's directory; else set BOOTY_APP to module:attribute"
        yield "FAIL", f"BOOTY_APP: there is no module {module} in {Path.cwd()}, or installed", then
    for each in settings.unknown_names:
        then = f"rename it to {each.nearest}" if each.nearest else "remove it"
        yield "warn", f"{each.name} is not known and does nothing", f"{each.name}: {then}"
    if settings.preview:
        where = settings.state_dir / "issues"
        yield "warn", f"BOOTY_PREVIEW is on: issues are files in {where}", "remove BOOTY_PREVIEW to file on GitHub"


def _missing_module(app: str | None) -> str | None:
    """Return the module at the top of `app` where there is none; nothing of it is imported, which could do anything."""
    if app is None:
        return None
    top = app.partition(":")[0].partition(".")[0]
    is_there = top in sys.builtin_module_names or PathFinder.find_spec(top, [str(Path.cwd()), *sys.path]) is not None
    return None if is_there else top
