"""A secret in a command goes."""

from __future__ import annotations

import pytest
from support.made_secrets import made
from support.secret_texts import COMMANDS

from booty.observability.text.redaction import redact


@pytest.mark.parametrize(("text", "secret"), COMMANDS)
def test_removes_a_secret_by_the_place_that_it_is_in(text: str, secret: str) -> None:
    found = redact(made(text))

    assert made(secret) not in found
    assert "[redacted" in found
