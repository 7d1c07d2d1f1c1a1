"""A text that is handed to what takes a secret goes, whatever it looks like."""

from __future__ import annotations

import pytest

from booty.observability.text.redaction import redact

HANDED = [
    "user.setPassword('hi')",
    'user.set_password(b"sunshine")',
    'user.set_password(\n    "sunshine",\n)',
    "auth.setApiKey('sunshine')",
    'builder.withPassphrase("sunshine")',
    "keyring.set_password('shop', 'ann', 'sunshine')",
    "check_password('sunshine', user.password)",
    "password_verify('sunshine', $row['hash'])",
    r'{"line": "user.setPassword(\"sunshine\")"}',
    "user.setPassword('sunshine",
]
HARMLESS = [
    "user.set_password(raw_password)",
    "user.set_password(request.form['password'])",
    "def make_password(password, salt=None, hasher='default'):",
    "def set_password(self, value='', hashed=False):",
    "get_password('shop')",
    "setPasswordPolicy('strict')",
    "set_key('orders')",
]


@pytest.mark.parametrize("call", HANDED)
def test_removes_what_is_handed_over_as_a_secret(call: str) -> None:
    found = redact(call)

    assert "[redacted]" in found
    assert "sunshine" not in found
    assert "'hi'" not in found
    assert redact(found) == found


@pytest.mark.parametrize("call", HARMLESS)
def test_leaves_a_call_that_hands_over_nothing_secret(call: str) -> None:
    assert redact(call) == call
