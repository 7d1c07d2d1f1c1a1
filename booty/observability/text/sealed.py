"""A secret that nothing shows by accident: no log, no traceback, no dump."""

from __future__ import annotations


class Secret:
    """A text that only `reveal` gives; `repr`, `str` and f-strings show dots, whatever its length.

    It is not a dataclass or a struct, so that nothing that writes those as JSON finds a field in it.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text itself."""
        return self._text

    def __eq__(self, other: object) -> bool:
        return self._text == other._text if isinstance(other, Secret) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        return "Secret(…)"
