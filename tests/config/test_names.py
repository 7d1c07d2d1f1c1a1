"""A name that looks like a setting is told apart from one."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from support.given_settings import load

from booty.observability.config_errors import InvalidSettings, UnknownName


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("OBSV_COOLDOWN_HOUR", "OBSV_COOLDOWN_HOURS"),
        ("OBSV_MINSEVERITY", "OBSV_MIN_SEVERITY"),
        ("BOOTY_PREVIEWS", "BOOTY_PREVIEW"),
        ("booty_state_dir", "BOOTY_STATE_DIR"),
        ("OBSV_MIN_SEVERITY_FILE", "OBSV_MIN_SEVERITY"),
        ("BOOTY_LEDGER_URI", "BOOTY_LEDGER_URL"),
        ("OBSV_", None),
    ],
)
def test_notes_a_name_that_looks_like_a_setting_but_is_not_one(name: str, nearest: str | None) -> None:
    settings = load(**{name: "6"})

    assert settings.unknown_names == (UnknownName(name, nearest),)
    assert replace(settings, unknown_names=()) == load()


def test_knows_its_own_names_and_takes_no_notice_of_others() -> None:
    others = {"BOOTY_UPSTREAM": "x", "PATH": "/bin", "SENTRY_TRACES_SAMPLE_RATE": "1", "OBSERVE": "1", "OBSV_X": " "}

    assert load(**others, BOOTY_PREVIEW="1", unknown_names="x").unknown_names == ()


def test_a_refused_start_names_what_may_be_a_misspelt_setting() -> None:
    with pytest.raises(InvalidSettings) as refusal:
        load(GITHUB_TOKEN="", BOOTY_PREVEW="1")

    assert str(refusal.value).endswith("\n  BOOTY_PREVEW: is not known and does nothing; did you mean BOOTY_PREVIEW?")
