"""GitHub's JSON of a refusal, as far as we read it."""

from __future__ import annotations

from booty.observability.github.schema.fitting import BestEffort, Content


class Problem(Content, frozen=True):
    """One of the errors in a refusal; what it repeats of our own request is not read."""

    resource: BestEffort[str] = ""
    field: BestEffort[str] = ""
    code: BestEffort[str] = ""
    message: BestEffort[str] = ""


class Refusal(Content, frozen=True):
    """A refusal (https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api)."""

    message: BestEffort[str] = ""
    errors: BestEffort[tuple[BestEffort[Problem | str], ...] | str] = ()

    @property
    def words(self) -> str:
        """All that GitHub says in it."""
        listed = [self.errors] if isinstance(self.errors, str) else self.errors
        texts = (
            each if isinstance(each, str) else f"{each.resource} {each.field} {each.code} {each.message}"
            for each in listed
        )
        return " ".join([self.message, *texts]).strip()
