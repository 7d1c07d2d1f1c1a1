"""The settings that follow what releases bring."""

from __future__ import annotations

from pydantic import BaseModel, Field

MINUTE_SECONDS, DAY_SECONDS = 60.0, 24 * 3600.0


class ReleaseSettings(BaseModel, defer_build=True):
    """What can be set of it."""

    new_release_minutes: float = Field(30.0, alias="OBSV_NEW_RELEASE_MINUTES", ge=0, le=1440, allow_inf_nan=False)
    """For how long after its first sighting a release is new: what begins with it proposes to go back; 0: never."""
    verify_days: float = Field(0.0, alias="OBSV_VERIFY_DAYS", ge=0, le=365, allow_inf_nan=False)
    """For how long a problem stays quiet after its closing until its issue is called verified; 0: never."""

    @property
    def new_release_seconds(self) -> float:
        """The same in seconds."""
        return self.new_release_minutes * MINUTE_SECONDS

    @property
    def verify_seconds(self) -> float:
        """The same of the days."""
        return self.verify_days * DAY_SECONDS
