"""What is read once is kept in its object."""

from __future__ import annotations

from booty.observability.sentry.schema.reading.once import once


class Page:
    """A page whose words are made of another each time that somebody reads it."""

    def __init__(self) -> None:
        self.readings = 0

    @once
    def words(self) -> str:
        """The words."""
        self.readings += 1
        return f"reading {self.readings}"


def test_is_read_when_it_is_asked_for_then_never_again() -> None:
    page, other = Page(), Page()

    assert page.readings == 0
    assert (page.words, page.words, page.readings) == ("reading 1", "reading 1", 1)
    assert other.words == "reading 1"


def test_is_documented_as_the_method_was() -> None:
    assert Page.words.__doc__ == "The words."
