"""Which addresses of a database are taken; what may be printed of one."""

from __future__ import annotations

import pytest
from support.given_settings import REQUIRED, faults_of, load

from booty.observability.config.ledger_url import WRONG, shown
from booty.observability.text.sealed import Secret


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://user:secret@host:5432/name?sslmode=require", "postgresql://host:5432/name"),
        ("postgres://user:se%2Fc%40r%3Aet@host/name", "postgresql://host/name"),
        ("postgresql://user:se:cret@host/name", "postgresql://host/name"),
        ("postgresql://user:secret@[::1]:5432/name", "postgresql://[::1]:5432/name"),
        (
            "postgresql://user@one:5432,two:5433/name?target_session_attrs=read-write",
            "postgresql://one:5432,two:5433/name",
        ),
        ("postgresql://user@/name?host=%2Frun%2Fpostgresql&password=secret", "postgresql:///run/postgresql/name"),
        ("postgresql:///name?host=@abstract", "postgresql://@abstract/name"),
        ("postgresql://", "postgresql://localhost"),
    ],
)
def test_an_address_is_taken_and_shown_without_what_is_secret(url: str, told: str) -> None:
    assert load(BOOTY_LEDGER_URL=url).ledger_url == Secret(url)
    assert shown(url) == told


@pytest.mark.parametrize("secret", ["se/cret", "se@cret", "se#cret", "se?cret", "12/cret", "12?se=cret@x", "se[cret"])
def test_a_password_that_is_not_percent_encoded_is_refused_before_a_part_of_it_is_taken_for_the_host(
    secret: str,
) -> None:
    url = f"postgresql://user:{secret}@host/name"

    assert faults_of(REQUIRED | {"BOOTY_LEDGER_URL": url}) == {"BOOTY_LEDGER_URL": f"cannot be used ({WRONG})"}


@pytest.mark.parametrize("url", ["host/name", "mysql://host/name", "postgresql:/host", "postgresql://host/na\nme"])
def test_what_is_no_address_is_refused(url: str) -> None:
    assert faults_of(REQUIRED | {"BOOTY_LEDGER_URL": url}) == {"BOOTY_LEDGER_URL": f"cannot be used ({WRONG})"}
