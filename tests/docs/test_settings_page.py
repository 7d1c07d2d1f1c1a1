"""The settings that docs/settings.md lists are those that there are, with their defaults."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import fields
from support.pages import codes, page, rows
from support.service import ROOT

from booty.observability.config import Settings
from booty.observability.config.environment import KNOWN, SECRETS
from booty.observability.config.names import OTHERS, PREFIXES
from booty.observability.config_errors import InvalidSettings

PAGES = [str(path.relative_to(ROOT)) for path in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])]
PAGE = page("docs/settings.md")
LISTED = {name: cell for names, cell, _ in rows(PAGE, "variable") for name in codes(names)}
FIELDS = {each.encode_name: each.name for each in fields(Settings) if each.encode_name in KNOWN}
GUNICORNS = ("PORT", "WEB_CONCURRENCY", "GUNICORN_CMD_ARGS")
NAMED = re.compile(rf"\b(?:{'|'.join(PREFIXES)})[A-Z_]*[A-Z]\b")
REQUIRED = {
    "SENTRY_WEBHOOK_SECRET": "the-client-secret-of-the-integration",
    "TARGET_REPO_URL": "acme/shop",
    "GITHUB_TOKEN": "github_pat_x",
}
BY_NATURE = {
    "on": "1",
    "off": "0",
    "none": "",
    "as `OBSV_MIN_SEVERITY`": "",
    "`$STATE_DIRECTORY`, else `./var`": "var",
}
"""Defaults that are said in words."""


def given_as(default: str) -> str | None:
    """Return how the default that a cell names is given in the environment; empty for none, None for no default."""
    if default in BY_NATURE:
        return BY_NATURE[default]
    return default.removeprefix("`").removesuffix("`") if default.startswith("`") else None


def test_every_setting_is_listed_and_no_other() -> None:
    assert set(LISTED) == set(FIELDS) - set(GUNICORNS)


def test_gunicorns_own_settings_are_named() -> None:
    (named,) = [part for part in PAGE.split("\n\n") if part.startswith("gunicorn's own")]

    assert tuple(name for name in codes(named) if name in GUNICORNS)[:3] == GUNICORNS


@pytest.mark.parametrize("name", sorted(LISTED))
def test_a_setting_has_the_default_that_is_listed(name: str) -> None:
    given = given_as(LISTED[name])

    assert given is not None or name in REQUIRED
    assert name not in REQUIRED or LISTED[name].startswith("required")
    assert Settings.load(REQUIRED | ({name: given} if given else {})) == Settings.load(REQUIRED)
    assert given or name in REQUIRED or getattr(Settings.load(REQUIRED), FIELDS[name]) is None


@pytest.mark.parametrize("name", REQUIRED)
def test_a_setting_that_is_listed_as_required_is(name: str) -> None:
    with pytest.raises(InvalidSettings) as refusal:
        Settings.load({key: value for key, value in REQUIRED.items() if key != name})

    assert [fault.name for fault in refusal.value.faults] == [name]


def test_the_secrets_that_can_be_read_from_a_file_are_named() -> None:
    (named,) = [part for part in PAGE.split("\n\n") if "can be read from a file" in part]

    assert tuple(codes(named)) == (*SECRETS, "GITHUB_TOKEN_FILE=/path", "LoadCredential=GITHUB_TOKEN:/path")


@pytest.mark.parametrize("path", PAGES)
def test_no_page_names_a_setting_that_there_is_not(path: str) -> None:
    assert set(NAMED.findall(page(path))) <= KNOWN | OTHERS
