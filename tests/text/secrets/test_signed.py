"""A secret that begins with a sign of its issuer goes."""

from __future__ import annotations

import pytest
from support.made_secrets import made
from support.secret_texts import SIGNED

from booty.observability.text.redaction import redact


@pytest.mark.parametrize("form", SIGNED)
@pytest.mark.parametrize("around", ["{}", "see {}, please", "x={}\n", "['{}']", '{{"a": "{}"}}', r"first\n{}", "({})"])
def test_removes_a_secret_by_its_form_wherever_it_stands(form: str, around: str) -> None:
    secret = made(form).replace("\x00", "~")

    found = redact(around.format(secret))

    assert "[redacted" in found
    assert secret not in found
    assert secret[-9:] not in found
