"""The settings of the hand-over: who gets a new issue, when a person has to look at it first."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from booty.observability.alerts.handover.protected import is_path
from booty.observability.alerts.handover.terms import Terms
from booty.observability.alerts.routing.route import Handover
from booty.observability.config.kinds import WholeNumber

MOST_PATHS = 100


def _split_paths(text: str) -> tuple[str, ...]:
    paths = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    wrong = next((path for path in paths if not is_path(path)), None)
    if wrong is not None:
        raise PydanticCustomError("path", "{path} is not a path in the repository", {"path": repr(wrong)})
    if len(paths) > MOST_PATHS:
        raise PydanticCustomError("paths", "holds more than {most} paths", {"most": MOST_PATHS})
    return paths


ProtectedPaths = Annotated[tuple[str, ...], BeforeValidator(_split_paths)]


class HandoverSettings(BaseModel, defer_build=True):
    """What can be set of it."""

    handover: Handover = Field("label", alias="OBSV_HANDOVER")
    handover_per_day: WholeNumber = Field(0, alias="OBSV_HANDOVER_PER_DAY", le=1_000_000)
    """How many issues are handed over on one day (UTC); 0: any number."""
    protected_paths: ProtectedPaths | None = Field(None, alias="OBSV_PROTECTED_PATHS")
    """Where a crash is always looked at by a person first."""

    @property
    def terms(self) -> Terms:
        """On what terms an issue is handed over where no route says otherwise."""
        return Terms(self.handover, self.handover_per_day, self.protected_paths or ())
