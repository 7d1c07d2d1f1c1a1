"""A secret that its shape gives away goes."""

from __future__ import annotations

import pytest
from support.made_secrets import made
from support.secret_texts import AROUND, FORMS, SHAPED, assert_removed

from booty.observability.text.secrets.shapes import SHAPES, Shape
from booty.observability.text.secrets.signed import RUN

SECRETS = [made(form).replace("\x00", "~") for form in FORMS]


@pytest.mark.parametrize("form", SHAPED)
@pytest.mark.parametrize("around", AROUND)
def test_removes_a_secret_by_its_form_wherever_it_stands(form: str, around: str) -> None:
    assert_removed(made(form).replace("\x00", "~"), around)


@pytest.mark.parametrize("shape", [each for each in SHAPES if each.run], ids=lambda each: each.kind)
def test_the_shortest_of_a_long_shape_has_a_long_run_without_which_it_is_not_looked_for(shape: Shape) -> None:
    secrets = [secret for secret in SECRETS if shape.pattern.search(secret)]
    beginnings = (secret[:end] for secret in secrets for end in range(len(secret) + 1))
    found = [match[0] for text in beginnings for match in shape.pattern.finditer(text)]

    assert found
    assert all(max(map(len, RUN.findall(each)), default=0) >= shape.run for each in found)
