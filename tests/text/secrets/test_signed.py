"""A secret that begins with a sign of its issuer goes."""

from __future__ import annotations

import pytest
from support.made_secrets import made
from support.secret_texts import AROUND, SIGNED, assert_removed


@pytest.mark.parametrize("form", SIGNED)
@pytest.mark.parametrize("around", AROUND)
def test_removes_a_secret_by_its_form_wherever_it_stands(form: str, around: str) -> None:
    assert_removed(made(form).replace("\x00", "~"), around)
