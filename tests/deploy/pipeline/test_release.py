"""The name of a release: one pattern, which the service reads as well."""

from __future__ import annotations

import pytest

from booty.observability.alerts.release import commit_of
from deploy.pipeline.release import name_of, read_name


def test_a_name_gives_its_commit_back() -> None:
    assert read_name(name_of("1" * 40)) == "1" * 40
    assert commit_of(name_of("1" * 40)) == "1" * 40


@pytest.mark.parametrize(
    "text", [None, "", 7, "1" * 40, "booty@" + "1" * 39, "booty@" + "A" * 40, f"booty@{'1' * 40}\n"]
)
def test_reads_nothing_else(text: object) -> None:
    assert read_name(text) is None
